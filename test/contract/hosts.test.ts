import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateOf } from "./config-state.ts";
import { image, valuesOf, written } from "./delivery.ts";
import { token } from "./forge.ts";
import { Delivery } from "./github/delivery.ts";
import { dispatch } from "./github/events.ts";
import { runStep } from "./github/job.ts";
import { runComponent } from "./gitlab/job.ts";
import { violations } from "./schemas.ts";

/** What a host answered, however it says so. */
interface Answer {
  exitCode: number | null;
  result: string | undefined;
  decision: unknown;
}

type Promote = (delivery: Delivery, inputs: Record<string, string>, run: number) => Promise<Answer>;

const action =
  (gitea: boolean): Promote =>
  async (delivery, inputs, runId) => {
    const job = delivery.configJob(dispatch(delivery.tip), { gitea, runId });
    const { exitCode, outputs } = await runStep(job, "promote", inputs);
    return { exitCode, result: outputs.result, decision: JSON.parse(outputs.decision ?? "null") };
  };

const hosts: Record<string, Promote> = {
  github: action(false),
  gitea: action(true),
  gitlab: async ({ forge, machine, tip }, inputs, pipelineId) => {
    const job = { forge, machine, project: "acme/config", sha: tip, pipelineId };
    const { exitCode, reports } = await runComponent(job, "promote", inputs);
    const outputs = JSON.parse(reports["outputs.json"] ?? "{}") as Record<string, string>;
    return { exitCode, result: outputs.result, decision: JSON.parse(outputs.decision ?? "null") };
  },
  terminal: async ({ forge, machine }, inputs) => {
    const flags = Object.entries({ ...inputs, "config-repository": `${forge.origin}/acme/config.git` });
    const args = ["promote", ...flags.flatMap(([name, value]) => [`--${name}`, value]), "-o", "json"];
    const { exitCode, stdout } = await machine.run("glu.js", args, { GLU_TOKEN: token });
    const decision = JSON.parse(stdout) as { result: string };
    return { exitCode, result: decision.result, decision };
  },
};

describe("the same artifact and inputs on every host", () => {
  let artifact: string;
  const deliveries = new Map<string, Delivery>();
  const answers = new Map<string, Answer[]>();

  beforeAll(async () => {
    await using source = await Delivery.start();
    const given = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };
    const built = await runStep(source.appJob(), "build-artifact", given);
    artifact = source.config.git("show", `refs/glu/artifacts/web:${built.outputs["artifact-id"]}/artifact.json`);
    for (const [name, promote] of Object.entries(hosts)) {
      const delivery = await Delivery.start();
      deliveries.set(name, delivery);
      const path = join(delivery.machine.folder, "artifact.json");
      writeFileSync(path, artifact);
      answers.set(name, [
        await promote(delivery, { artifact: path, environment: "production", app: "web" }, 1),
        await promote(delivery, { artifact: path }, 2),
        await promote(delivery, { artifact: path, environment: "production", reason: "release day" }, 3),
      ]);
    }
  });

  afterAll(async () => {
    for (const delivery of deliveries.values()) await delivery[Symbol.asyncDispose]();
  });

  test.each(Object.keys(hosts))(
    "are held, promoted and promoted on %s, with a decision that fits its schema",
    (name) => {
      const all = answers.get(name)!;
      expect(all.map(({ exitCode, result }) => [exitCode, result])).toEqual([
        [3, "held"],
        [0, "promoted"],
        [0, "promoted"],
      ]);
      for (const { decision } of all) expect(violations("decision", decision)).toEqual([]);
      const { config } = deliveries.get(name)!;
      expect(config.git("rev-list", "--count", "main")).toBe("3");
      expect(JSON.parse(config.git("show", "main~1:.glu/web/staging.json"))).toMatchObject({
        current: { decidedOn: config.git("rev-parse", "main~2") },
      });
    },
  );

  test.each(Object.keys(hosts))("end in the tree that GitHub's ends in on %s", (name) => {
    const state = stateOf(deliveries.get(name)!.config);
    expect(state).toEqual(stateOf(deliveries.get("github")!.config));
    expect(Object.keys(state.files)).toContain(".glu/web/production.json");
    expect(deliveries.get(name)!.file(valuesOf("web", "production"))).toBe(written("1.1.0", "b"));
  });
});

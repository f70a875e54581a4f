import { expect, test } from "vitest";
import { FakeGithub, pageOf, runNamed } from "../../../packages/forges/test/fake-github.ts";
import { config, image, values, valuesOf, written } from "../delivery.ts";
import { token } from "../forge.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep, type Step } from "./job.ts";

const gated = config.replace(
  "    policy: { event: push, branch: main }\n",
  `    policy: { event: push, branch: main }
    gates: [{ workflow: { file: smoke.yml, inputs: { image: "{{ images.web.ref }}" }, wait: 0s } }]
`,
);

/** An artifact of `web` that staging takes by itself, once `smoke.yml` of the config repository has succeeded. */
async function tested(can: "actions" | "reader", run: (delivery: Delivery, api: FakeGithub) => Promise<void>) {
  const api = new FakeGithub({ [token]: can }, "/api/v3");
  await api.listen();
  try {
    await using delivery = await Delivery.start({ files: { "glu.yaml": gated } });
    delivery.forge.server.behaviour.beside = { path: "/api/v3", origin: api.url };
    const there = { "config-repository": "acme/config" };
    const built = await runStep(delivery.appJob(), "build-artifact", {
      app: "web",
      image: image("1.1.0", "b"),
      ...there,
    });
    expect(built.exitCode, built.stdout).toBe(0);
    await run(delivery, api);
    expect(api.violations).toEqual([]);
    expect(api.urls.join()).not.toContain(token);
  } finally {
    api.close();
  }
}

let runId = 100;
const promote = (delivery: Delivery, given: Record<string, string> = {}) =>
  runStep(delivery.configJob(dispatch(delivery.tip), { runId: runId++ }), "promote", given);

function gateOf(step: Step) {
  const document = JSON.parse(step.outputs.decision ?? "");
  expect(violations("decision", document)).toEqual([]);
  const [decision] = document.decisions;
  return { result: document.result, ...decision.gates.find(({ name }: { name: string }) => name === "workflow") };
}

test("a promotion starts its test, is held while it runs and when it fails, and goes when it has succeeded", () =>
  tested("actions", async (delivery, api) => {
    const before = delivery.tip;
    const first = await promote(delivery);
    expect(first.exitCode, first.stdout).toBe(0);
    expect(gateOf(first)).toMatchObject({ result: "held", code: "workflow/running", url: pageOf(100) });
    const [{ inputs, ref } = {}] = api.dispatched as { inputs?: Record<string, string>; ref?: string }[];
    const id = first.outputs.decision?.match(/\d{8}t\d{6}z-[0-9a-f]{12}/)?.[0];
    expect(ref).toBe("trunk");
    expect(inputs?.image).toBe(image("1.1.0", "b").replace("web=", ""));
    expect(inputs?.["glu-key"]).toMatch(new RegExp(`^web/staging/${id}/[0-9a-f]{12}$`));
    expect(first.summary).toContain(`(<${pageOf(100)}>)`);

    api.runs = api.runs.map((run) => ({ ...run, status: "in_progress" }));
    expect(gateOf(await promote(delivery))).toMatchObject({ result: "held", code: "workflow/running" });

    api.runs = api.runs.map((run) => ({ ...run, status: "completed", conclusion: "failure" }));
    const failed = gateOf(await promote(delivery));
    expect(failed).toMatchObject({ result: "held", code: "workflow/failed", url: pageOf(100) });
    expect(failed.clearedBy).toContain(inputs?.["glu-key"]);
    expect(delivery.tip).toBe(before);
    expect(delivery.file(valuesOf("web", "staging"))).toBe(values);

    // Somebody starts it again by hand.
    api.runs.unshift(runNamed(`Smoke test ${inputs?.["glu-key"]}`, { id: 101 }));
    const passed = await promote(delivery);
    expect(gateOf(passed)).toMatchObject({ result: "promoted", met: true, url: pageOf(101) });
    expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
    expect(api.dispatched).toHaveLength(1);
  }));

test("a plan starts nothing and asks no forge", () =>
  tested("actions", async (delivery, api) => {
    const step = await promote(delivery, { plan: "true" });
    expect(gateOf(step)).toMatchObject({ result: "planned", met: true, seen: "is looked at when this is promoted" });
    expect(api.urls).toEqual([]);
  }));

test("a token that may not start workflows holds the promotion, and the summary says what it needs", () =>
  tested("reader", async (delivery, api) => {
    const step = await promote(delivery);
    expect([step.exitCode, gateOf(step)]).toMatchObject([
      0,
      {
        result: "held",
        code: "workflow/forbidden",
        clearedBy: expect.stringContaining("permissions: { actions: write }"),
      },
    ]);
    expect(step.summary).toContain("actions: write");
    expect(api.dispatched).toEqual([]);
  }));

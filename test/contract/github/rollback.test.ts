import { expect, test } from "vitest";
import { digest, image, valuesOf, written } from "../delivery.ts";
import { runComponent } from "../gitlab/job.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep } from "./job.ts";

const staging = valuesOf("web", "staging");
const place = { app: "web", environment: "staging" };

/** staging has had 1.1.0 and 1.2.0. */
async function delivered() {
  const delivery = await Delivery.start();
  const ids: string[] = [];
  for (const [run, version, digit] of [
    [4711, "1.1.0", "b"],
    [4712, "1.2.0", "c"],
  ] as const) {
    const job = delivery.appJob({ runId: run, runNumber: run });
    const built = await runStep(job, "build-artifact", {
      app: "web",
      image: image(version, digit),
      "config-repository": "acme/config",
    });
    ids.push(built.outputs["artifact-id"] ?? "");
    const step = await runStep(delivery.configJob(dispatch(delivery.tip), { runId: run }), "promote", {
      ...place,
      artifact: ids.at(-1) ?? "",
    });
    expect(step.outputs.result, step.stdout).toBe("promoted");
  }
  return Object.assign(delivery, { ids });
}

test("by hand: what ran before is back byte for byte, pinned, and no policy takes it away again", async () => {
  await using delivery = await delivered();
  const [first, second] = delivery.ids;
  const job = delivery.configJob(dispatch(delivery.tip), { runId: 1 });
  const planned = await runStep(job, "rollback", { ...place, plan: "true" });
  expect([planned.exitCode, planned.outputs.result]).toEqual([0, "planned"]);
  expect(delivery.file(staging)).toBe(written("1.2.0", "c"));

  const step = await runStep(job, "rollback", { ...place, reason: "it `loses` sessions" });
  expect([step.exitCode, step.outputs.result], step.stdout).toEqual([0, "promoted"]);
  expect(delivery.file(staging)).toBe(written("1.1.0", "b"));
  expect(step.outputs).toMatchObject({
    commit: delivery.tip,
    environments: JSON.stringify({ "staging/web": first }),
    "previous-artifact": JSON.stringify({ "staging/web": second }),
  });
  const document = JSON.parse(step.outputs.decision ?? "") as Record<string, unknown>;
  expect(violations("decision", document)).toEqual([]);
  expect(document).toMatchObject({
    decisions: [{ rollback: { undoes: [{ artifact: { id: second } }], pin: { reason: "it `loses` sessions" } } }],
  });
  expect(step.summary.split("\n")[0]).toContain("rolled back: web to 1.1.0");
  expect(violations("record", JSON.parse(delivery.file(".glu/web/staging.json")))).toEqual([]);
  expect(violations("pin", JSON.parse(delivery.file(".glu/web/staging.pin.json")))).toEqual([]);

  const tip = delivery.tip;
  const again = await runStep({ ...job, attempt: 2 }, "rollback", { ...place, reason: "it `loses` sessions" });
  expect([again.outputs.result, again.outputs.commit, delivery.tip]).toEqual(["promoted", tip, tip]);
  const policies = await runStep(delivery.configJob(dispatch(tip), { runId: 2 }), "promote", {});
  expect([policies.exitCode, policies.outputs.result, delivery.tip]).toEqual([0, "held", tip]);
});

test("what is wrong with it is said with its code, and writes nothing", async () => {
  await using delivery = await delivered();
  const job = delivery.configJob(dispatch(delivery.tip), { runId: 1 });
  const tip = delivery.tip;
  const given: [Record<string, string>, string][] = [
    [{ to: "2200-01-01T00:00:00Z" }, "input/to"],
    [{ to: "-x" }, "input/to"],
    [{ pin: "false", until: "2h" }, "input/until-without-pin"],
    [{ override: "freeze" }, "input/pattern"],
    [{ to: "7" }, "rollback/nothing"],
    [{ to: "0.0.1" }, "rollback/nothing"],
  ];
  for (const [inputs, code] of given) {
    const { exitCode, stdout, summary } = await runStep(job, "rollback", { ...place, ...inputs });
    expect([exitCode, stdout.includes(code), summary.includes(code)], stdout).toEqual([2, true, true]);
  }
  expect(delivery.tip).toBe(tip);
});

test("the component does the same on GitLab, for the whole environment and by a version", async () => {
  await using delivery = await delivered();
  const { machine, forge } = delivery;
  const job = { machine, forge, project: "acme/config", sha: delivery.tip };
  const inputs = { environment: "staging", to: "1.1.0", until: "2h", exact: "false ", set: "false " };
  const step = await runComponent(job, "rollback", inputs);
  expect(step.exitCode, step.stderr).toBe(0);
  expect(delivery.file(staging)).toBe(written("1.1.0", "b"));
  expect(JSON.parse(delivery.file(".glu/web/staging.pin.json"))).toMatchObject({ until: expect.any(String) });
  expect(step.reports["glu.env"]).toContain("GLU_RESULT=promoted\n");
  expect(step.reports["result.json"]).toContain(digest("c").slice(0, 20));
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { config, image, valuesOf, written } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep } from "./job.ts";

const staging = valuesOf("web", "staging");
const place = { app: "web", environment: "staging" };

/** The app's own page, which says how it is. */
async function page() {
  const state = { status: 200, asked: 0 };
  const server = createServer((_, response) => {
    state.asked += 1;
    response.statusCode = state.status;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return Object.assign(state, { url: `http://127.0.0.1:${port}/healthz`, [Symbol.asyncDispose]: close });
}

async function setting(verify: string, url: string) {
  const lines = `    verify: { gates: [{ http: { url: "${url}", retries: 0 } }], ${verify} }\n`;
  const files = { "glu.yaml": config.replace("  staging:\n", (line) => line + lines) };
  const delivery = await Delivery.start({ files });
  let runId = 4710;
  const build = async (version: string, digit: string) => {
    const job = delivery.appJob({ runId: ++runId, runNumber: runId });
    const there = { "config-repository": "acme/config" };
    const built = await runStep(job, "build-artifact", { app: "web", image: image(version, digit), ...there });
    return built.outputs["artifact-id"] ?? "";
  };
  const run = (inputs: Record<string, string>) =>
    runStep(delivery.configJob(dispatch(delivery.tip), { runId: ++runId }), "promote", inputs);
  const record = () => JSON.parse(delivery.file(".glu/web/staging.json"));
  return Object.assign(delivery, { build, run, record });
}

test("a job that waits writes down that its release is healthy, and goes back when the next one is not", async () => {
  await using app = await page();
  await using delivery = await setting("within: 1s, on-failure: rollback", app.url);
  const first = await delivery.build("1.1.0", "b");
  const step = await delivery.run({ ...place, artifact: first, wait: "1m" });
  expect([step.exitCode, step.outputs.result], step.stdout).toEqual([0, "promoted"]);
  expect(delivery.record().current).toMatchObject({ state: "healthy", verifiedAt: expect.any(String) });
  expect(violations("record", delivery.record())).toEqual([]);
  const document = JSON.parse(step.outputs.decision ?? "");
  expect(violations("decision", document)).toEqual([]);
  expect(document.verified).toMatchObject([{ app: "web", environment: "staging", isNews: true }]);
  expect(step.summary).toContain("healthy");

  app.status = 503;
  const second = await delivery.build("1.2.0", "c");
  const failing = await delivery.run({ ...place, artifact: second, wait: "1m" });
  expect([failing.exitCode, failing.outputs.result], failing.stdout).toEqual([3, "failed"]);
  expect(delivery.file(staging)).toBe(written("1.1.0", "b"));
  expect(delivery.record()).toMatchObject({
    current: {
      kind: "rollback",
      artifact: { id: first },
      reason: expect.stringContaining("1.2.0 failed: not within 1s"),
    },
    history: [{ state: "failed", artifact: { id: second } }, { state: "healthy" }],
    rejected: [{ artifact: second }],
  });
  expect(violations("record", delivery.record())).toEqual([]);
  expect(violations("decision", JSON.parse(failing.outputs.decision ?? ""))).toEqual([]);
  expect(JSON.parse(delivery.file(".glu/web/staging.pin.json"))).toMatchObject({ artifact: first });
  expect(failing.summary.split("\n")[0]).toContain("failed: web 1.2.0 in staging");
  expect(failing.outputs.environments).toBe(JSON.stringify({ "staging/web": first }));
});

test("what is not verified in the time that was waited is held and stays, and the next reconciliation looks again", async () => {
  await using app = await page();
  await using delivery = await setting("within: 1h", app.url);
  app.status = 404;
  const first = await delivery.build("1.1.0", "b");
  const step = await delivery.run({ ...place, artifact: first, wait: "1s" });
  expect([step.exitCode, step.outputs.result], step.stdout).toEqual([3, "held"]);
  expect(step.summary).toContain("not verified within 1s");
  expect(delivery.file(staging)).toBe(written("1.1.0", "b"));
  expect(delivery.record().current.state).toBe("committed");
  expect(step.outputs.commit).toBe(delivery.tip);

  app.status = 200;
  const reconciled = await delivery.run({ mode: "reconcile" });
  expect(reconciled.exitCode, reconciled.stdout).toBe(0);
  expect(delivery.record().current.state).toBe("healthy");
  const { asked } = app;
  const quiet = await delivery.run({ mode: "reconcile" });
  expect([quiet.exitCode, app.asked]).toEqual([0, asked]);
});

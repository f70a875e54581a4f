import { expect, test } from "vitest";
import { config, image, values, valuesOf } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep } from "./job.ts";

const edges = config.replace("  production:\n", "  demo: { from: staging, auto: upstream }\n  production:\n");
const files = { "glu.yaml": edges, [valuesOf("web", "demo")]: values, [valuesOf("api", "demo")]: values };

let runId = 400;
const reconcile = (
  delivery: Delivery,
  given: Record<string, string> = {},
  more: { runId?: number; attempt?: number } = {},
) =>
  runStep(delivery.configJob(dispatch(delivery.tip), { runId: runId++, ...more }), "promote", {
    mode: "reconcile",
    ...given,
  });

/** An artifact of `web`, in the config repository as its store. */
async function build(delivery: Delivery): Promise<void> {
  const given = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };
  const built = await runStep(delivery.appJob(), "build-artifact", given);
  expect(built.exitCode, built.stdout).toBe(0);
}

test("the action in its mode reconcile takes what is ready as far as it may go, and says so", async () => {
  await using delivery = await Delivery.start({ files });
  await build(delivery);
  const step = await reconcile(delivery);
  expect(step.exitCode, step.stdout).toBe(0);
  const document = JSON.parse(step.outputs.decision ?? "");
  expect(violations("decision", document)).toEqual([]);
  expect(step.outputs.result).toBe("promoted");
  expect(JSON.parse(step.outputs.environments ?? "{}")).toMatchObject({
    "staging/web": expect.any(String),
    "demo/web": expect.any(String),
  });
  expect(document.reconciled.looked).toEqual({ apps: 2, environments: 3, places: 6 });
  expect(delivery.config.git("log", "-2", "--format=%s", "main").split("\n")).toEqual([
    "Promote web to demo: 1.1.0",
    "Promote web to staging: 1.1.0",
  ]);
  expect(step.summary).toContain("Looked at 2 apps in 3 environments");
});

test("a re-run of the job repeats nothing", async () => {
  await using delivery = await Delivery.start({ files });
  await build(delivery);
  const same = { runId: 399 };
  await reconcile(delivery, {}, same);
  const { tip } = delivery;
  const again = await reconcile(delivery, {}, { ...same, attempt: 2 });
  expect(again.exitCode, again.stdout).toBe(0);
  expect(delivery.tip).toBe(tip);
});

test("what is asked for by name beside the mode is refused, and nothing is written", async () => {
  await using delivery = await Delivery.start({ files });
  await build(delivery);
  const { tip } = delivery;
  const step = await reconcile(delivery, { reason: "because" });
  expect([step.exitCode, step.stdout]).toEqual([2, expect.stringContaining("input/not-with-reconcile")]);
  expect(delivery.tip).toBe(tip);
});

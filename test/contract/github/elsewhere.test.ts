import { expect, test } from "vitest";
import { config, image, values, valuesOf, written } from "../delivery.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep } from "./job.ts";

/** Production lies in a repository of its own, staging on a branch of its own. */
const scattered = config
  .replace("  production:\n", "  production:\n    repository: acme/live\n")
  .replace("  staging:\n", "  staging:\n    ref: staging\n");

test("an environment on another branch and one in another repository are each one transaction of their own", async () => {
  await using delivery = await Delivery.start({ files: { "glu.yaml": scattered } });
  const live = delivery.forge.add("acme/live", { seed: { [valuesOf("web", "production")]: values } });
  delivery.config.push("staging", { [valuesOf("web", "staging")]: values });
  const there = { "config-repository": "acme/config" };
  const built = await runStep(delivery.appJob(), "build-artifact", {
    app: "web",
    image: image("1.1.0", "b"),
    ...there,
  });
  expect(built.exitCode, built.stdout).toBe(0);
  const id = built.outputs["artifact-id"]!;
  const main = delivery.tip;
  const start = live.git("rev-parse", "main");
  const job = delivery.configJob(dispatch(main));

  // Production is not eligible yet, and says so from what the other branch records.
  const production = { app: "web", artifact: id, environment: "production" };
  const early = await runStep(job, "promote", production);
  expect([early.exitCode, early.outputs.result]).toEqual([3, "held"]);
  expect(live.git("rev-parse", "main")).toBe(start);

  const first = await runStep({ ...job, runId: 1 }, "promote", {});
  expect([first.exitCode, first.outputs.result], first.stdout).toEqual([0, "promoted"]);
  expect(first.outputs.commit).toBe(delivery.config.git("rev-parse", "staging"));
  expect(delivery.config.git("show", `staging:${valuesOf("web", "staging")}`)).toBe(written("1.1.0", "b").slice(0, -1));

  const second = await runStep({ ...job, runId: 2 }, "promote", production);
  expect([second.exitCode, second.outputs.result], second.stdout).toEqual([0, "promoted"]);
  expect(second.outputs.commit).toBe(live.git("rev-parse", "main"));
  expect(live.git("show", `main:${valuesOf("web", "production")}`)).toBe(written("1.1.0", "b").slice(0, -1));
  expect(live.git("ls-tree", "-r", "--name-only", "main").split("\n")).toContain(".glu/web/production.json");
  expect(delivery.tip).toBe(main);
  const set = await runStep({ ...job, runId: 3 }, "promote", {
    ...production,
    environment: "staging, production",
    set: "true",
  });
  expect(set.exitCode).toBe(2);
  expect(set.commands.find(({ name }) => name === "error")?.properties.title).toBe("promote/set-across-repositories");
});

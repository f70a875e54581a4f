import { expect, test } from "vitest";
import { image, values, valuesOf, written } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch, push } from "./events.ts";
import { type GithubJob, runStep, type Step } from "./job.ts";

const there = { "config-repository": "acme/config" };

/** Builds a version of `web` in a job; the version is its own commit and run. */
async function build(job: GithubJob, version: string, digit: string): Promise<string> {
  const step = await runStep(job, "build-artifact", { app: "web", image: image(version, digit), ...there });
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  return step.outputs["artifact-id"]!;
}

/** The outputs with their JSON read; the decision must be what its schema says. */
function outputsOf(step: Step) {
  const { result, commit, environments = "", decision = "", "previous-artifact": previous = "" } = step.outputs;
  const document = JSON.parse(decision) as Record<string, unknown> & { decisions: Record<string, unknown>[] };
  expect(violations("decision", document)).toEqual([]);
  expect(document).toMatchObject({ result, schema: "glu.promotion.v1" });
  return {
    result,
    commit,
    environments: JSON.parse(environments) as unknown,
    previous: JSON.parse(previous) as unknown,
    decision: document,
  };
}

/** Lines of the newest commit's message that begin with `Glu-`. */
function trailers(delivery: Delivery): Record<string, string> {
  const message = delivery.config.git("log", "-1", "--format=%(trailers:unfold)", "main");
  return Object.fromEntries(
    message.split("\n").flatMap((line) => {
      const at = line.indexOf(": ");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)]];
    }),
  );
}

test("after a build in the same job the policy promotes; the same run again answers with the first commit", async () => {
  await using delivery = await Delivery.start();
  const job = delivery.appJob();
  const id = await build(job, "1.1.0", "b");
  const before = delivery.tip;
  const step = await runStep(job, "promote", there);
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  const { decision, ...outputs } = outputsOf(step);
  expect(outputs).toEqual({
    result: "promoted",
    commit: delivery.tip,
    environments: { "staging/web": id },
    previous: { "staging/web": null },
  });
  expect(decision).toMatchObject({ advisory: true, plan: false });
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
  expect(delivery.config.git("diff", "--name-only", before, "main").split("\n")).toEqual([
    ".glu/web/staging.json",
    valuesOf("web", "staging"),
  ]);
  const record: unknown = JSON.parse(delivery.file(".glu/web/staging.json"));
  expect(violations("record", record)).toEqual([]);
  expect(trailers(delivery)).toEqual({
    "Glu-Request": decision.request,
    "Glu-App": "web",
    "Glu-Environment": "staging",
    "Glu-Artifact": id,
    "Glu-Kind": "promotion",
    "Glu-Actor": "ada",
  });
  expect(step.summary.split("\n")[0]).toMatch(/^## .*promoted.*staging|^## .*staging/);
  expect(step.summary).toContain("advisory");

  const again = await runStep({ ...job, attempt: 2 }, "promote", there);
  expect(outputsOf(again)).toMatchObject({ result: "promoted", commit: outputs.commit });
  expect(delivery.tip).toBe(outputs.commit);

  // Another run finds nothing to do.
  const later = await runStep({ ...job, runId: 4712 }, "promote", there);
  expect(outputsOf(later)).toMatchObject({ result: "unchanged", commit: "", environments: { "staging/web": id } });
  expect(delivery.tip).toBe(outputs.commit);
});

test("a job that promotes the file it built finds its own request on a re-run, whatever ran in between", async () => {
  await using delivery = await Delivery.start();
  const deliver = async (job: GithubJob, version: string, digit: string) => {
    const built = await runStep(job, "build-artifact", { app: "web", image: image(version, digit), ...there });
    const artifact = built.outputs["artifact-path"] ?? "";
    return runStep(job, "promote", { ...there, app: "web", environment: "staging", reason: "go", artifact });
  };
  const first = await deliver(delivery.appJob(), "1.1.0", "b");
  expect(outputsOf(first).result, first.stdout).toBe("promoted");
  const second = await deliver(delivery.appJob({ runId: 4712, runNumber: 43 }), "1.2.0", "c");
  expect(outputsOf(second).result, second.stdout).toBe("promoted");
  const tip = delivery.tip;

  const again = await deliver(delivery.appJob({ attempt: 2 }), "1.1.0", "b");
  expect(again.exitCode, again.stdout).toBe(0);
  expect(outputsOf(again)).toMatchObject({
    result: "promoted",
    commit: first.outputs.commit,
    // What runs is what the other run promoted.
    environments: outputsOf(second).environments,
    decision: { commit: first.outputs.commit },
  });
  expect(outputsOf(again).decision.request).toBe(outputsOf(first).decision.request);
  expect(delivery.tip).toBe(tip);
});

test("by hand in the config repository: held before staging, planned, then promoted into production", async () => {
  await using delivery = await Delivery.start();
  const id = await build(delivery.appJob(), "1.1.0", "b");
  const job = delivery.configJob(dispatch(delivery.tip));
  const given = { app: "web", environment: "production", artifact: id };
  const before = delivery.tip;

  const held = await runStep(job, "promote", given);
  expect(held.exitCode).toBe(3);
  const { decision, result, commit } = outputsOf(held);
  expect({ result, commit }).toEqual({ result: "held", commit: "" });
  expect(decision.advisory).toBe(false);
  expect(decision.decisions[0]?.gates).toContainEqual(
    expect.objectContaining({ name: "from", met: false, code: "from/not-eligible" }),
  );
  expect(held.commands).toContainEqual(expect.objectContaining({ name: "warning" }));
  expect(held.summary.split("\n")[0]).toContain("held");
  const heldAndWell = await runStep(job, "promote", { ...given, "on-held": "succeed" });
  expect([heldAndWell.exitCode, heldAndWell.outputs.result]).toEqual([0, "held"]);
  expect(delivery.tip).toBe(before);

  const staged = await runStep(delivery.configJob(dispatch(before), { runId: 1 }), "promote", {});
  expect(staged.outputs.result, staged.stdout).toBe("promoted");
  const tip = delivery.tip;
  const planned = await runStep(job, "promote", { ...given, plan: "true" });
  expect([planned.exitCode, planned.outputs.result, planned.outputs.commit]).toEqual([0, "planned", ""]);
  expect(outputsOf(planned).environments, "nothing runs there yet").toEqual({ "production/web": null });
  expect(outputsOf(planned).decision.decisions[0]?.changes).toContainEqual(
    expect.objectContaining({ path: valuesOf("web", "production"), diff: expect.stringContaining("+  tag:") }),
  );
  expect(delivery.tip).toBe(tip);

  const released = await runStep({ ...job, runId: 2 }, "promote", {
    ...given,
    reason: "release 1.1.0 `now` $(id)",
    "commit-message": "Ship it, $HOME",
    author: "Grace Hopper <grace@example.org>",
  });
  expect(released.exitCode, released.stdout).toBe(0);
  expect(outputsOf(released)).toMatchObject({ result: "promoted", environments: { "production/web": id } });
  expect(delivery.file(valuesOf("web", "production"))).toBe(written("1.1.0", "b"));
  expect(delivery.config.git("log", "-1", "--format=%s|%an <%ae>", "main")).toBe(
    "Ship it, $HOME|Grace Hopper <grace@example.org>",
  );
  expect(trailers(delivery)).toMatchObject({
    "Glu-Environment": "production",
    "Glu-Reason": "release 1.1.0 `now` $(id)",
    "Glu-Actor": "ada",
  });
});

test("an older artifact by name is refused; by policy it is superseded; a newer one names what it replaced", async () => {
  await using delivery = await Delivery.start();
  const old = await build(delivery.appJob(), "1.1.0", "b");
  const young = await build(delivery.appJob({ runId: 4712, runNumber: 43 }), "1.2.0", "c");
  const job = delivery.configJob(dispatch(delivery.tip));
  expect(outputsOf(await runStep(job, "promote", { app: "web" }))).toMatchObject({
    result: "promoted",
    environments: { "staging/web": young },
  });
  const tip = delivery.tip;

  const superseded = await runStep(job, "promote", { app: "web", artifact: old });
  expect([superseded.exitCode, superseded.outputs.result]).toEqual([0, "superseded"]);
  expect(superseded.commands).toContainEqual(expect.objectContaining({ name: "notice" }));
  const refused = await runStep(job, "promote", { app: "web", artifact: old, environment: "staging" });
  expect([refused.exitCode, refused.outputs.result]).toEqual([3, "refused"]);
  expect(refused.commands).toContainEqual(expect.objectContaining({ name: "error" }));
  expect(outputsOf(refused)).toMatchObject({
    environments: { "staging/web": young },
    previous: { "staging/web": young },
  });
  expect(delivery.tip).toBe(tip);

  const third = await build(delivery.appJob({ runId: 4713, runNumber: 44 }), "1.3.0", "d");
  const next = await runStep(delivery.configJob(dispatch(tip), { runId: 3 }), "promote", {});
  expect(outputsOf(next)).toMatchObject({
    environments: { "staging/web": third },
    previous: { "staging/web": young },
  });
});

test("what was changed by hand is held as drift until overwrite", async () => {
  await using delivery = await Delivery.start();
  await build(delivery.appJob(), "1.1.0", "b");
  await runStep(delivery.appJob(), "promote", there);
  const path = valuesOf("web", "staging");
  const byHand = written("1.1.0", "b").replace("1.1.0", "9.9.9");
  delivery.config.push("main", { [path]: byHand });
  const id = await build(delivery.appJob({ runId: 4712, runNumber: 43 }), "1.2.0", "c");
  const job = delivery.configJob(dispatch(delivery.tip));
  const held = await runStep(job, "promote", {});
  expect([held.exitCode, held.outputs.result]).toEqual([0, "held"]);
  expect(outputsOf(held).decision.decisions[0]?.gates).toContainEqual(
    expect.objectContaining({ name: "drift", met: false }),
  );
  expect(delivery.file(path)).toBe(byHand);
  const over = await runStep(job, "promote", { overwrite: "true" });
  expect(outputsOf(over)).toMatchObject({ result: "promoted", environments: { "staging/web": id } });
  expect(delivery.file(path)).toBe(written("1.2.0", "c"));
});

test("several apps share one commit; with set none moves while one of them cannot", async () => {
  await using delivery = await Delivery.start();
  const web = await build(delivery.appJob(), "1.1.0", "b");
  const repository = delivery.forge.add("acme/api", { seed: { "README.md": "api\n" } });
  delivery.machine.checkOut(repository, `${delivery.forge.origin}/acme/api.git`);
  const event = push(repository.git("rev-parse", "main"));
  const built = await runStep(delivery.appJob({ repository: "acme/api" }, event), "build-artifact", {
    app: "api",
    image: image("2.0.0", "d").replace("acme/web", "acme/api"),
    ...there,
  });
  const api = built.outputs["artifact-id"]!;
  const job = delivery.configJob(dispatch(delivery.tip));
  await runStep({ ...job, runId: 1 }, "promote", { app: "web" });
  const tip = delivery.tip;

  const both = { app: "web\napi\n", artifact: "latest", environment: "production" };
  const none = await runStep(job, "promote", { ...both, artifact: web, set: "true" });
  expect(none.exitCode, "an artifact belongs to one app").toBe(2);
  await runStep({ ...job, runId: 2 }, "promote", { app: "api" });
  const staged = delivery.tip;
  expect(staged).not.toBe(tip);
  delivery.config.push("main", { [valuesOf("api", "production")]: "image: {}\n" });
  const broken = delivery.tip;
  const held = await runStep(job, "promote", { ...both, set: "true" });
  expect([held.exitCode, held.outputs.result]).toEqual([3, "refused"]);
  expect(delivery.tip).toBe(broken);
  delivery.config.push("main", { [valuesOf("api", "production")]: values });

  const all = await runStep({ ...job, runId: 3 }, "promote", { ...both, app: "web, api" });
  expect(outputsOf(all)).toMatchObject({
    result: "promoted",
    commit: delivery.tip,
    environments: { "production/web": web, "production/api": api },
    previous: { "production/web": null, "production/api": null },
  });
  expect(delivery.file(valuesOf("web", "production"))).toBe(written("1.1.0", "b"));
  expect(delivery.file(valuesOf("api", "production"))).toBe(written("2.0.0", "d"));
});

test("each leg of a matrix is a request of its own", async () => {
  await using delivery = await Delivery.start();
  const id = await build(delivery.appJob(), "1.1.0", "b");
  const job = delivery.configJob(dispatch(delivery.tip));
  const given = { app: "web", artifact: id, environment: "staging" };
  const first = await runStep({ ...job, matrix: { region: "eu" } }, "promote", given);
  const second = await runStep({ ...job, matrix: { region: "us" } }, "promote", given);
  const again = await runStep({ ...job, matrix: { region: "eu" }, attempt: 2 }, "promote", given);
  expect([first, second, again].map(({ outputs }) => outputs.result)).toEqual(["promoted", "unchanged", "promoted"]);
  expect(outputsOf(first).decision.request).not.toBe(outputsOf(second).decision.request);
  expect(outputsOf(first).decision.request).toBe(outputsOf(again).decision.request);
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { GitServerBehaviour } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { image } from "../delivery.ts";
import { token } from "../forge.ts";
import { contentOf, filesBelow, leaksOf } from "../secrets.ts";
import { Delivery } from "./delivery.ts";
import { dispatch, pullRequest, push } from "./events.ts";
import { type GithubJob, runStep, type Step } from "./job.ts";

const app = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };

/** A PATH on which `git` writes down its arguments before it does its work. */
function spyOnGit(delivery: Delivery): { env: Record<string, string>; log: string } {
  const folder = delivery.machine.makeFolder("spy");
  const log = join(folder, "arguments");
  const path = process.env.PATH ?? "";
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nPATH='${path}' exec git "$@"\n`;
  writeFileSync(join(folder, "git"), script, { mode: 0o755 });
  writeFileSync(log, "");
  return { env: { PATH: `${folder}${delimiter}${path}` }, log };
}

/** What a step said and left behind; the runner itself keeps masks out of the log. */
function tracesOf(step: Step, delivery: Delivery): Record<string, string> {
  return {
    stdout: step.stdout.replaceAll(/^::add-mask::.*$/gm, ""),
    stderr: step.stderr,
    ...filesBelow(step.folder),
    ...filesBelow(delivery.machine.temp),
    ...filesBelow(delivery.machine.home),
    ...filesBelow(delivery.machine.workspace),
  };
}

test.each<[string, Partial<GithubJob>, Record<string, string>]>([
  ["the built-in token", {}, {}],
  ["the token input", { token: "" }, { token }],
])("%s is masked first and is nowhere else, in success and in failure", async (_name, more, inputs) => {
  await using delivery = await Delivery.start();
  const spy = spyOnGit(delivery);
  const job = delivery.appJob({ ...more, env: { ...more.env, ...spy.env } });
  const steps = [
    await runStep(job, "build-artifact", { ...app, ...inputs }),
    await runStep(job, "promote", { "config-repository": "acme/config", ...inputs }),
    // A repository that is not there.
    await runStep(job, "promote", { "config-repository": "acme/none", ...inputs }),
  ];
  expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0, 2]);
  for (const step of steps) {
    expect(step.stdout.split("\n")[0]).toBe(`::add-mask::${token}`);
    expect(leaksOf(token, tracesOf(step, delivery))).toEqual([]);
  }
  expect(leaksOf(token, { ...contentOf(delivery.config), arguments: readFileSync(spy.log, "utf8") })).toEqual([]);
  expect(readFileSync(spy.log, "utf8")).not.toBe("");
  expect(delivery.forge.server.requests.filter(({ url }) => url.includes("@") || url.includes(token))).toEqual([]);
  // What stays is the file that `artifact-path` names.
  expect(readdirSync(delivery.machine.temp)).toEqual(["glu"]);
});

test.each<[string, { token?: string; server?: Partial<GitServerBehaviour> }]>([
  ["without a token", { token: "" }],
  ["with a token that may only read", { server: { readOnly: true } }],
  ["with a token that may not see the config repository", { server: { failWith: 404 } }],
])("a pull request from a fork, %s, is a notice and no failure", async (_name, { token: own = token, server }) => {
  await using delivery = await Delivery.start();
  const sha = delivery.web.git("rev-parse", "main");
  const before = [delivery.config.git("for-each-ref"), delivery.web.git("for-each-ref")];
  Object.assign(delivery.forge.server.behaviour, server);
  const event = pullRequest({ head: sha, merge: "c".repeat(40) }, { fork: true });
  const job = delivery.appJob({ token: own }, event);
  const step = await runStep(job, "build-artifact", app);
  expect(step.exitCode, step.stdout).toBe(0);
  expect(step.commands).toContainEqual(
    expect.objectContaining({ name: "notice", message: expect.stringContaining("fork") }),
  );
  expect([delivery.config.git("for-each-ref"), delivery.web.git("for-each-ref")]).toEqual(before);
  // The same lack is an error where it can be mended.
  const pushed = await runStep({ ...job, event: push(sha) }, "build-artifact", app);
  expect(pushed.exitCode).toBe(2);
  expect(pushed.commands.find(({ name }) => name === "error")?.properties.title).toMatch(/^repository\//);
});

test("what strangers wrote runs no command of the runner and forges no output, trailer or markup", async () => {
  await using delivery = await Delivery.start();
  const attack = "::error title=pwned::pwned ##[error]pwned";
  const message = `Innocent\n\n::set-output name=result::pwned\n${attack}\nresult<<EOF\npwned\nEOF\nGlu-Request: x\n<script>alert(1)</script>\n`;
  const branch = "x;$(id)`id`";
  const sha = delivery.web.push(branch, { "README.md": "evil\n" }, message);
  delivery.machine.checkOut(delivery.web, `${delivery.forge.origin}/acme/web.git`, branch);
  const event = push(sha, branch);
  event.payload.head_commit = { id: sha, message, author: { name: `Mallory ${attack}`, email: "m@test.invalid" } };
  const built = await runStep(delivery.appJob({}, event), "build-artifact", app);
  expect(built.exitCode, built.stdout).toBe(0);
  const job = delivery.configJob(dispatch(delivery.tip));
  const promoted = await runStep(job, "promote", {
    app: "web",
    artifact: built.outputs["artifact-id"]!,
    environment: "staging",
    reason: `because ${attack} <img src=x> | a | b`,
    "commit-message": `Subject ${attack}`,
  });
  expect(promoted.exitCode, promoted.stdout).toBe(0);
  for (const step of [built, promoted]) {
    const names = new Set(step.commands.map(({ name }) => name));
    names.delete("notice");
    names.delete("warning");
    // One fold, and it is ours.
    expect([...names], step.stdout).toEqual(["add-mask", "group", "endgroup"]);
    const folds = step.commands.filter(({ name }) => /group/.test(name)).map(({ name, message }) => [name, message]);
    expect(folds).toEqual([
      ["group", expect.stringMatching(/^(?:What the artifact holds|Decisions, gates and changes)$/)],
      ["endgroup", ""],
    ]);
    expect(step.commands.filter(({ properties }) => properties.title === "pwned")).toEqual([]);
    expect(step.summary).not.toMatch(/<script|<img/);
  }
  expect(promoted.outputs.result).toBe("promoted");
  expect(delivery.config.git("log", "-1", "--format=%(trailers:key=Glu-Request,valueonly)", "main").trim()).toMatch(
    /^[0-9a-f]{64}$/,
  );
  const tip = delivery.tip;
  const broken = await runStep(job, "promote", { app: "web", environment: "staging", reason: `a\n${attack}` });
  expect(broken.exitCode).toBe(2);
  expect(broken.commands.filter(({ name }) => name === "error")).toEqual([
    expect.objectContaining({ properties: { title: "input/line-break" } }),
  ]);
  expect(delivery.tip).toBe(tip);
});

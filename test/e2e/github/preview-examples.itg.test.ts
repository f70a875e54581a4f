import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerRegistry, RegistryServer } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { example } from "../acme/files.ts";
import { makeMirrors, makeWorkingTree } from "../delivery.ts";
import { git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { CommentedJobs } from "./commented-job.ts";
import { jobToken } from "./job-permissions.ts";
import { runWorkflow } from "./workflow.ts";

// The workflows of examples/github by act: the registry, and what Git and GitHub's API are asked, is on loopback.
const fixture = (name: string) => join(root, "test/e2e/fixtures", name);

let published: Sandbox;
let mirrors: string;
let at: CommentedJobs;
let registry: RegistryServer;

beforeAll(async () => {
  published = new Sandbox();
  mirrors = await makeMirrors(published);
});
afterAll(() => published[Symbol.dispose]());
beforeEach(async () => {
  at = await CommentedJobs.start();
  at.web.git.git("config", "uploadpack.allowAnySHA1InWant", "true");
  at.web.git.push("main", { Dockerfile: "FROM scratch\n" });
  for (const name of ["docker", "gh", "skopeo"]) at.sandbox.addProgram(fixture(name));
  registry = await RegistryServer.start();
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await at[Symbol.asyncDispose]();
});

type Event = Record<string, unknown>;

/** Runs one of the workflows for an event, in which a program of the fork would leave a trace. */
async function run(name: string, event: string, payload: Event, host = registry.host) {
  const text = example(`github/${name}`).replaceAll("ghcr.io", host).replaceAll("acme/frontend", "acme/web");
  const files = { [`.github/workflows/${name}`]: text.replaceAll("app: frontend", "app: web") };
  const repository = await makeWorkingTree(at.sandbox, `tree-${Math.random()}`, files);
  const running = { cwd: repository, env: at.sandbox.environment };
  await git(running, "remote", "add", "origin", "https://github.com/acme/web.git");
  const used = (action: string): [string, string] => {
    const found = new RegExp(`actions/${action}@\\w+`).exec(example("github/preview.yml"))?.[0];
    return [found ?? "", fixture(action)];
  };
  return runWorkflow(at.sandbox, {
    ...{ repository, event, payload, workflow: name },
    actions: {
      "glu/preview-up@v1": join(mirrors, "preview-up"),
      "glu/preview-down@v1": join(mirrors, "preview-down"),
      ...Object.fromEntries([used("checkout"), used("upload-artifact")]),
    },
    secrets: { GITHUB_TOKEN: jobToken(at.github, text), PREVIEWS_TOKEN: "token-of-previews-alone" },
    variables: { GITHUB_SERVER_URL: at.origin, GITHUB_API_URL: at.github.apiUrl, GITHUB_RUN_ID: "100" },
  });
}

/** The event of a pull request as it is now. */
async function pullEvent(number: number, action: string, more: Event = {}): Promise<Event> {
  const pull_request = await at.api("ada", "GET", `/pulls/${number}`);
  const repository = { full_name: "acme/web", default_branch: "main" };
  return { ...{ action, number, pull_request, repository, sender: { login: "ada" } }, ...more };
}

test("a pull request of the repository gets a preview, and loses it when it is closed", async () => {
  const { number, head } = await at.open();
  // The stand-in of docker pushes nothing.
  registry.push("acme/web", head);
  const up = await run("preview.yml", "pull_request", await pullEvent(number, "opened"));
  expect(up.jobs, up.log).toEqual({ image: "success", up: "success" });
  expect(up.steps.at(-1)?.outputs).toMatchObject({ state: "created", degraded: "" });
  expect(at.running(number)).toBe(head);
  await at.api("ada", "PATCH", `/pulls/${number}`, { state: "closed" });
  const down = await run("preview.yml", "pull_request", await pullEvent(number, "closed"));
  expect(down.jobs, down.log).toEqual({ down: "success" });
  expect(down.steps.at(-1)?.outputs).toMatchObject({ state: "removed", degraded: "" });
  expect(at.running(number)).toBeUndefined();
}, 240_000);

test("comments command previews, and no other comment starts a job", async () => {
  const { number, head } = await at.open();
  registry.push("acme/web", head);
  const comment = async (login: string, body: string) => {
    await at.comment(login, number, body);
    const repository = { full_name: "acme/web", default_branch: "main" };
    return run("preview-comment.yml", "issue_comment", { ...at.event, repository });
  };
  const refused = await comment("bob", "/preview up");
  expect(refused.jobs, refused.log).toEqual({ up: "failure" });
  const other = await comment("ada", `See $(touch ${at.sandbox.folder}/pwned) /preview up`);
  expect(other.jobs, other.log).toEqual({});
  const odd = await comment(
    "ada",
    `/preview up "; touch ${at.sandbox.folder}/pwned; \`touch ${at.sandbox.folder}/pwned\``,
  );
  expect(odd.jobs, odd.log).toEqual({ up: "success" });
  expect(odd.steps.at(-1)?.outputs).toMatchObject({ result: "none" });
  expect(at.running(number)).toBeUndefined();
  const up = await comment("ada", "/preview up");
  expect(up.jobs, up.log).toEqual({ up: "success" });
  expect(up.steps.at(-1)?.outputs).toMatchObject({ state: "created", degraded: "" });
  expect(at.running(number)).toBe(head);
  const down = await comment("ada", "/preview down");
  expect(down.jobs, down.log).toEqual({ down: "success" });
  expect(at.running(number)).toBeUndefined();
  expect(existsSync(join(at.sandbox.folder, "pwned"))).toBe(false);
}, 480_000);

test("a fork's image is built without secrets, and pushed and deployed once its commit is vouched for", async () => {
  await using real = await DockerRegistry.start();
  const { number, head } = await at.open("eve");
  const built = await run("preview.yml", "pull_request", await pullEvent(number, "opened"), real.host);
  expect(built.jobs, built.log).toEqual({ "fork-image": "success" });
  expect(built.log).not.toContain("token-of-previews-alone");
  const home = (name: string) => join(at.sandbox.environment.HOME ?? "", name);
  const label = async () => {
    const labels = [{ name: "preview" }];
    const event = await pullEvent(number, "labeled", { label: { name: "preview" } });
    Object.assign(event.pull_request as Event, { labels });
    return run("preview-fork.yml", "pull_request_target", event, real.host);
  };
  const runOf = (id: number, fork: string, sha: string) => ({
    id,
    head_sha: sha,
    head_repository: { full_name: fork },
  });

  // What was built of another commit, or in another fork, is not what somebody has looked at.
  const wrong = [runOf(1, "mallory/web", head), runOf(2, "eve/web", "0".repeat(40))];
  writeFileSync(home("runs.json"), JSON.stringify({ workflow_runs: wrong }));
  const early = await label();
  expect(early.jobs, early.log).toEqual({ up: "failure" });
  expect(early.log).toContain(`has built ${head} yet`);
  expect(at.running(number)).toBeUndefined();

  writeFileSync(home("runs.json"), JSON.stringify({ workflow_runs: [...wrong, runOf(3, "eve/web", head)] }));
  const up = await label();
  expect(up.jobs, up.log).toEqual({ up: "success" });
  expect(up.steps.at(-1)?.outputs).toMatchObject({ degraded: "" });
  expect(at.running(number)).toBe(head);
  const state = JSON.parse(at.previews.git.git("cat-file", "blob", `main:.glu/_previews/web/pr-${number}.json`));
  expect(state).toMatchObject({
    trust: { by: "label", sha: head },
    images: { web: { name: `${real.host}/acme/web` } },
  });
  const taken = await pullEvent(number, "unlabeled", { label: { name: "preview" } });
  const down = await run("preview-fork.yml", "pull_request_target", taken, real.host);
  expect(down.jobs, down.log).toEqual({ down: "success" });
  expect(at.running(number)).toBeUndefined();
}, 480_000);

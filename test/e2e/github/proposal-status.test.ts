import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GithubRepository } from "@glu/testing/internal";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product in GitHub's jobs: what a proposal's status says, from its opening over a freeze to its merge.
let sandbox: Sandbox;
let github: GithubServer;
let git: GitServer;
let repository: GithubRepository;
let token: string;
let ada: string;

const config = `version: 1
environments:
  production:
    propose: { auto-merge: true }
apps:
${["web", "api"]
  .map(
    (app) => `  ${app}:
    images: { web: registry.test/acme/${app} }
    write:
      - yaml: "apps/{{ app }}/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`,
  )
  .join("")}`;
const values = "# kept   as it is\nimage:\n    tag:   '0.9.0'\n";

beforeEach(async () => {
  sandbox = new Sandbox();
  github = await GithubServer.start();
  token = github.token("github-actions[bot]");
  ada = github.token("ada");
  repository = github.repository("acme/config", {
    "glu.yaml": config,
    "apps/web/production.yaml": values,
    "apps/api/production.yaml": values,
    "README.md": "Config\n",
  });
  repository.autoMerge = true;
  for (const context of ["glu/production", "tests"]) repository.required.add(context);
  const path = join(sandbox.folder, "git", "acme/config.git");
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(repository.git.path, path);
  git = await GitServer.start(join(sandbox.folder, "git"));
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await git?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

let runs = 0;
async function job(event: { name: string; payload?: object }, args: readonly string[], given = token) {
  const payload = join(sandbox.folder, "event.json");
  const repositoryPart = { full_name: "acme/config", default_branch: "main" };
  writeFileSync(payload, JSON.stringify({ sender: { login: "ada" }, repository: repositoryPart, ...event.payload }));
  const env = {
    ...sandbox.environment,
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: git.origin,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: "acme/config",
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: payload,
    GITHUB_SHA: repository.tip("main") ?? "",
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: String(100 + ++runs),
    GITHUB_RUN_NUMBER: String(runs),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: "glu",
    GITHUB_WORKFLOW: "glu",
    GLU_TOKEN: given,
  };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
    cwd: sandbox.folder,
    env,
  });
  return { ...done, answer: JSON.parse(done.stdout || "{}") };
}

const manual = { name: "workflow_dispatch" };
async function propose(app: string, version: string): Promise<void> {
  const image = `web=registry.test/acme/${app}:${version}@sha256:${"a".repeat(64)}`;
  const built = await job({ name: "push", payload: { after: repository.tip("main") } }, [
    "artifact",
    "create",
    "--app",
    app,
    "--image",
    image,
  ]);
  expect(built.exitCode, built.stderr + built.stdout).toBe(0);
  const promoted = await job(manual, ["promote", "--app", app, "--environment", "production", "--artifact", "latest"]);
  expect(promoted.answer, promoted.stderr).toMatchObject({ result: "proposed" });
}

const head = (app = "web") => repository.tip(`glu/production/${app}`) ?? "";
const latest = (sha: string) =>
  repository.statuses.findLast((one) => one.sha === sha && one.context === "glu/production");
const pullOf = (app = "web") => repository.pulls.findLast((pull) => pull.head === `glu/production/${app}`);

/** Somebody else's required status. */
const tests = (sha: string, state: string) => {
  const creator = { login: "ci", type: "User", access: "write", seesTeams: true } as const;
  const nothing = { description: null, target_url: null };
  return repository.mark({ sha, state, context: "tests", creator, at: "2026-11-28T09:00:00Z", ...nothing });
};

async function merge(number: number, how = {}): Promise<number> {
  const response = await fetch(`${github.apiUrl}/repos/acme/config/pulls/${number}/merge`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ada}`, "x-github-api-version": "2022-11-28", "user-agent": "ada" },
    body: JSON.stringify(how),
  });
  return response.status;
}

/** What GitHub sends when somebody pushes to a pull request. */
function pushed(number: number, branch: string, sha: string, repo = "acme/config") {
  repository.git.git("update-ref", `refs/pull/${number}/head`, sha);
  const side = (ref: string, at: string, full_name = "acme/config") => ({ ref, sha: at, repo: { full_name } });
  const pull_request = { head: side(branch, sha, repo), base: side("main", repository.tip("main") ?? "") };
  return { name: "pull_request", payload: { action: "synchronize", number, pull_request } };
}

it("a proposal that was opened before a freeze cannot be merged while it lasts, nor merges itself", async () => {
  await propose("web", "1.0.0");
  expect(latest(head())).toMatchObject({ state: "success", description: "web: all gates are met", target_url: null });
  expect(pullOf()?.autoMergeBy).toMatchObject({ login: "github-actions[bot]" });

  const frozen = await job(manual, ["freeze", "production", "--reason", "audit"]);
  expect(frozen.exitCode, frozen.stderr).toBe(0);
  expect(frozen.stderr).toContain("#1 may not be merged now: freeze: production is frozen by ada: audit");
  expect(latest(head())).toMatchObject({
    state: "failure",
    description: expect.stringMatching(
      /^freeze: production is frozen by ada: audit, since .* UTC; glu unfreeze production$/,
    ),
    target_url: `${git.origin}/acme/config/blob/main/.glu/_freeze/production.json`,
  });
  expect(pullOf()?.autoMergeBy).toBeUndefined();
  tests(head(), "success");
  expect(await merge(1)).toBe(405);
  // A run that finds nothing new sets no status anew.
  const count = repository.statuses.length;
  const again = await job({ name: "schedule" }, ["reconcile"]);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(repository.statuses).toHaveLength(count);

  tests(head(), "pending");
  await job(manual, ["unfreeze", "production"]);
  expect(latest(head())?.state).toBe("success");
  expect(pullOf()).toMatchObject({ state: "open", autoMergeBy: { login: "github-actions[bot]" } });
  tests(head(), "success");
  expect(pullOf()).toMatchObject({ state: "closed", mergedAt: expect.any(String) });
  expect(repository.git.git("show", "main:apps/web/production.yaml")).toContain("tag:   '1.0.0'");
});

it("a pin and a rollback that is written at once hold what is open, and it no longer merges itself", async () => {
  const merged = async (version: string) => {
    await propose("web", version);
    tests(head(), "success");
    expect(repository.git.git("show", "main:apps/web/production.yaml")).toContain(`tag:   '${version}'`);
  };
  await merged("1.0.0");
  await merged("2.0.0");
  await propose("web", "3.0.0");
  expect(pullOf()).toMatchObject({ state: "open", autoMergeBy: { login: "github-actions[bot]" } });

  const place = ["web", "production", "--reason", "keep [it](http://x)"];
  const pinned = await job(manual, ["pin", ...place]);
  expect(pinned.exitCode, pinned.stderr).toBe(0);
  expect(pinned.stderr).toContain("#3 may not be merged now: pin: ");
  expect(latest(head())).toMatchObject({
    state: "failure",
    target_url: `${git.origin}/acme/config/blob/main/.glu/web/production.pin.json`,
  });
  expect(pullOf()?.autoMergeBy).toBeUndefined();
  await job(manual, ["unpin", "web", "production"]);
  expect(latest(head())?.state).toBe("success");
  expect(pullOf()?.autoMergeBy).toMatchObject({ login: "github-actions[bot]" });

  const to = ["--app", "web", "--environment", "production", "--reason", "2.0.0 is broken", "--strategy", "commit"];
  const back = await job(manual, ["rollback", ...to]);
  expect(back.exitCode, back.stderr).toBe(0);
  expect(repository.git.git("show", "main:apps/web/production.yaml")).toContain("tag:   '1.0.0'");
  expect(back.stderr).toContain("#3 may not be merged now: pin: ");
  expect(latest(head())).toMatchObject({ state: "failure", description: expect.stringMatching(/^pin: /) });
  expect(pullOf()?.autoMergeBy).toBeUndefined();
  tests(head(), "success");
  expect(await merge(3)).toBe(405);
});

it("one that was asked for by name follows when the record below it gets a verdict, as the same request", async () => {
  await propose("web", "1.0.0");
  tests(head(), "success");
  await job({ name: "schedule" }, ["reconcile"]);
  const path = ".glu/web/production.json";
  await propose("web", "2.0.0");
  const before = head();
  const read = (at: string) => JSON.parse(repository.git.git("show", `${at}:${path}`));
  const record = read("main");
  const current = { ...record.current, state: "healthy", verifiedAt: record.current.decidedAt };
  repository.git.push("main", { [path]: `${JSON.stringify({ ...record, current }, null, 2)}\n` });
  // Both have changed the record.
  tests(before, "success");
  expect(await merge(2)).toBe(405);

  const done = await job({ name: "schedule" }, ["reconcile"]);
  expect(done.exitCode, done.stderr).toBe(0);
  expect(done.stderr).toContain(`#2 was put on the newest main: ${path} has changed there.`);
  expect(head()).not.toBe(before);
  expect(repository.git.git("rev-parse", "glu/production/web^")).toBe(repository.tip("main"));
  const [was, is] = [read(before), read("glu/production/web")];
  for (const key of ["request", "actor", "kind", "artifact", "releasedAt"]) {
    expect(is.current[key], key).toEqual(was.current[key]);
  }
  expect(is.history[0]).toMatchObject({ state: "healthy" });
  expect(latest(head())).toMatchObject({ state: "success" });
  expect(repository.pulls).toHaveLength(2);
  expect(pullOf()).toMatchObject({ autoMergeBy: { login: "github-actions[bot]" } });
  const written = head();
  await job({ name: "schedule" }, ["reconcile"]);
  expect(head()).toBe(written);
  tests(head(), "success");
  expect(pullOf()).toMatchObject({ state: "closed", mergedAt: expect.any(String) });
  expect(repository.git.git("show", "main:apps/web/production.yaml")).toContain("tag:   '2.0.0'");
});

it("what somebody changes by hand fails it, until it is undone", async () => {
  await propose("web", "1.0.0");
  repository.git.push("glu/production/web", { "apps/web/production.yaml": values.replace("0.9.0", "6.6.6") });
  const edited = await job(pushed(1, "glu/production/web", head()), ["reconcile"]);
  expect(edited.exitCode, edited.stderr).toBe(0);
  expect(edited.answer).toMatchObject({
    schema: "glu.proposal-status.v1",
    result: "held",
    proposal: { number: 1 },
  });
  expect(latest(head())).toMatchObject({
    state: "failure",
    description: expect.stringContaining("image.tag in apps/web/production.yaml is not what the record says"),
  });
  expect(pullOf()?.autoMergeBy).toBeUndefined();
  repository.git.push("glu/production/web", {
    "apps/web/production.yaml": values.replace("0.9.0", "1.0.0"),
    "README.md": "More\n",
  });
  await job(pushed(1, "glu/production/web", head()), ["reconcile"]);
  expect(latest(head())?.state).toBe("success");
});

it.each([
  [
    "brought up to date by a merge",
    (main: string, at: string) => {
      const tree = repository.git.git("merge-tree", "--write-tree", main, at).split("\n")[0] ?? "";
      return repository.git.git("commit-tree", "-p", at, "-p", main, "-m", "Merge branch 'main'", tree);
    },
  ],
  [
    "rebased",
    (main: string, at: string) => {
      const tree = repository.git.git("merge-tree", "--write-tree", main, at).split("\n")[0] ?? "";
      const message = repository.git.git("log", "-1", "--format=%B", at);
      return repository.git.git("commit-tree", "-p", main, "-m", message, tree);
    },
  ],
])("a proposal that was %s may be merged, and not while it is frozen", async (_how, make) => {
  await propose("web", "1.0.0");
  repository.git.push("main", { "docs/page.md": "New\n" });
  const made = make(repository.tip("main") ?? "", head());
  repository.git.git("update-ref", "refs/heads/glu/production/web", made);
  await job(pushed(1, "glu/production/web", made), ["reconcile"]);
  expect(latest(made)?.state).toBe("success");
  await job(manual, ["freeze", "all", "--reason", "audit"]);
  expect(latest(made)?.state).toBe("failure");
});

it("a merge queue's commit is judged by all that is in it", async () => {
  await propose("web", "1.0.0");
  await propose("api", "2.0.0");
  const merged = (onto: string, at: string) => {
    const tree = repository.git.git("merge-tree", "--write-tree", onto, at).split("\n")[0] ?? "";
    // As a queue squashes: nothing is left of what Glu's commit says.
    return repository.git.git("commit-tree", "-p", onto, "-m", "Promote (#1)", tree);
  };
  const base = repository.tip("main") ?? "";
  const group = merged(merged(base, head("web")), head("api"));
  const ref = `refs/heads/gh-readonly-queue/main/pr-2-${base}`;
  repository.git.git("update-ref", ref, group);
  const merge_group = { head_sha: group, head_ref: ref, base_sha: base, base_ref: "refs/heads/main" };
  const event = { name: "merge_group", payload: { action: "checks_requested", merge_group } };
  const good = await job(event, ["reconcile"]);
  expect(good.answer, good.stderr).toMatchObject({ result: "none" });
  expect(latest(group)).toMatchObject({ state: "success", description: "web and api: all gates are met" });
  await job(manual, ["freeze", "production", "--reason", "audit"]);
  const held = await job(event, ["reconcile", "--on-held", "fail"]);
  expect(held.exitCode).toBe(3);
  expect(latest(group)).toMatchObject({ state: "failure" });
  // Nothing was promoted by any of it.
  expect(repository.git.git("show", "main:apps/web/production.yaml")).toContain("0.9.0");
});

it("any other pull request is marked, so that a required status blocks nobody for ever", async () => {
  await job(manual, ["freeze", "production", "--reason", "audit"]);
  const sha = repository.git.push("docs", { "README.md": "Config\n" });
  const other = repository.git.git("commit-tree", "-p", repository.tip("main") ?? "", "-m", "Docs", `${sha}^{tree}`);
  const done = await job(pushed(7, "docs", other), ["reconcile"]);
  expect(done.exitCode, done.stderr).toBe(0);
  expect(latest(other)).toMatchObject({ state: "success", description: "does not change what production runs" });
});

it("on a fork, whose token may only read, it is a notice", async () => {
  const sha = repository.git.git("commit-tree", "-p", repository.tip("main") ?? "", "-m", "Docs", "main^{tree}");
  const reader = github.token("github-actions[bot]", { access: "read" });
  const done = await job(pushed(7, "docs", sha, "mallory/config"), ["reconcile"], reader);
  expect(done.exitCode, done.stderr).toBe(0);
  expect(done.stderr).toContain("This run is of a pull request from a fork");
  expect(repository.statuses).toEqual([]);
  const own = await job(pushed(7, "docs", sha), ["reconcile"], reader);
  expect(own.exitCode).toBe(2);
  expect(own.stderr).toContain("permissions: { statuses: write }");
});

it("whoever merges past a gate that closed since is told of by a violation, and by the next reconciliation", async () => {
  await propose("web", "1.0.0");
  const gated = config.replace(
    "auto-merge: true }",
    "auto-merge: true }\n    gates: [{ checks: { names: 'test: [*]' } }]",
  );
  repository.git.push("main", { "glu.yaml": gated });
  const push = () => {
    const [before, after] = [repository.git.git("rev-parse", "main^"), repository.tip("main")];
    return { name: "push", payload: { ref: "refs/heads/main", before, after } };
  };
  await job(push(), ["reconcile"]);
  expect(latest(head())).toMatchObject({
    state: "pending",
    description: expect.stringMatching(/^checks: test: \[\*\] is not on/),
  });
  expect(pullOf()?.autoMergeBy).toBeUndefined();
  // As somebody who may bypass the rule.
  repository.required.clear();
  expect(await merge(1)).toBe(200);
  const found = await job(push(), ["drift"]);
  expect(found.exitCode, found.stderr).toBe(3);
  expect(found.answer).toMatchObject({
    result: "violation",
    findings: [{ code: "drift/violation", past: [{ kind: "status", reason: expect.stringMatching(/^checks: /) }] }],
  });
  const next = await job(push(), ["reconcile"]);
  expect(next.stderr).toMatch(
    /web was merged into production past the status glu\/production, which was pending: checks: /,
  );
});

it("a rollback takes the place of what is proposed, and merges by itself in spite of a freeze", async () => {
  for (const version of ["1.0.0", "2.0.0"]) {
    await propose("web", version);
    tests(head(), "success");
  }
  await propose("web", "3.0.0");
  await job(manual, ["freeze", "production", "--reason", "sale"]);
  expect([latest(head())?.state, pullOf()?.autoMergeBy]).toEqual(["failure", undefined]);

  const to = ["rollback", "--app", "web", "--environment", "production", "--exact"];
  const back = await job(manual, [...to, "--reason", "2.0.0 is <b>broken</b>"]);
  expect(back.answer, back.stderr).toMatchObject({ result: "proposed", decisions: [{ proposal: { number: 3 } }] });
  expect(pullOf()).toMatchObject({
    title: "Roll back web in production to 1.0.0",
    autoMergeBy: { login: "github-actions[bot]" },
  });
  expect(latest(head())).toMatchObject({ state: "success", description: "web: all gates are met" });
  // Asked for again with an end of the pin, it has that.
  const again = await job(manual, [...to, "--reason", "2.0.0 is broken", "--until", "2h"]);
  expect(again.answer).toMatchObject({ result: "proposed", decisions: [{ proposal: { number: 3 } }] });
  expect(latest(head())?.state).toBe("success");

  tests(head(), "success");
  expect(pullOf()).toMatchObject({ state: "closed", mergedAt: expect.any(String) });
  const shown = (path: string) => repository.git.git("show", `main:${path}`);
  expect(shown("apps/web/production.yaml")).toBe(values.replace("0.9.0", "1.0.0").trimEnd());
  expect(JSON.parse(shown(".glu/web/production.pin.json"))).toMatchObject({
    reason: "2.0.0 is broken",
    until: expect.any(String),
  });
  expect(JSON.parse(shown(".glu/web/production.json"))).toMatchObject({
    current: { kind: "rollback", exact: true },
    rejected: [{ reason: "2.0.0 is broken" }],
  });
});

it("break-glass lets what was proposed before a freeze be merged, for whoever the forge vouches for", async () => {
  const breakGlass = "break-glass: { gates: [freeze], users: [ada] }\n";
  repository.git.push("main", { "glu.yaml": `${config}${breakGlass}` });
  await propose("web", "1.0.0");
  await job(manual, ["freeze", "production", "--reason", "sale"]);
  expect(latest(head())?.state).toBe("failure");
  const to = ["promote", "--app", "web", "--environment", "production", "--artifact", "latest"];
  const over = [...to, "--override", "freeze", "--reason", "incident 42"];
  const stranger = { ...manual, payload: { sender: { login: "eve" } } };
  const refused = await job(stranger, over);
  expect(refused.exitCode, refused.stderr).toBe(3);
  expect(refused.stderr).toContain("eve may not override it");

  const passed = await job(manual, over);
  expect(passed.answer, passed.stderr).toMatchObject({ result: "proposed", decisions: [{ proposal: { number: 1 } }] });
  expect(latest(head())).toMatchObject({ state: "success", description: "web: all gates are met" });
  tests(head(), "success");
  expect(pullOf()).toMatchObject({ state: "closed", mergedAt: expect.any(String) });
  const { current } = JSON.parse(repository.git.git("show", "main:.glu/web/production.json"));
  expect(current).toMatchObject({ kind: "override", actor: { name: "ada", verified: true }, reason: "incident 42" });
  // The notice stands until the next release that overrode nothing.
  const status = await job(manual, ["explain", "web", "production"]);
  expect(status.stdout).toContain("incident 42");
});

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product on a GitHub that lets it ask little: it stops early, says so, and leaves nothing half done.
const config = `version: 1
environments:
  staging: {}
  production: { propose: { labels: [release], reviewers: [ada], auto-merge: true } }
  overseas: { propose: { labels: [release] } }
apps:
  web:
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/{{ app }}/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;
const environments = ["staging", "production", "overseas"];
const values = "image:\n    tag:   '0.9.0'  # ours\n";

async function start() {
  const sandbox = new Sandbox();
  const github = await GithubServer.start();
  const token = github.token("github-actions[bot]");
  const files = environments.map((name) => [`apps/web/${name}.yaml`, values]);
  const repository = github.repository("acme/config", { "glu.yaml": config, ...Object.fromEntries(files) });
  repository.collaborators.add("ada");
  repository.autoMerge = true;
  // Auto-merge waits for it.
  repository.required.add("tests");
  const path = join(sandbox.folder, "git", "acme/config.git");
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(repository.git.path, path);
  const git = await GitServer.start(join(sandbox.folder, "git"));
  const payload = join(sandbox.folder, "event.json");
  let runs = 0;
  /** A job of the built product. @param output undefined: what people read */
  const job = (args: readonly string[], output?: "json") => {
    const event = { sender: { login: "ada" }, repository: { full_name: "acme/config", default_branch: "main" } };
    writeFileSync(payload, JSON.stringify({ ...event, after: repository.tip("main") }));
    return execute("node", [join(root, "dist/glu.js"), ...args, ...(output ? ["--output", output] : [])], {
      cwd: sandbox.folder,
      env: {
        ...sandbox.environment,
        GITHUB_ACTIONS: "true",
        GITHUB_SERVER_URL: git.origin,
        GITHUB_API_URL: github.apiUrl,
        GITHUB_REPOSITORY: "acme/config",
        GITHUB_EVENT_NAME: args[0] === "artifact" ? "push" : "workflow_dispatch",
        GITHUB_EVENT_PATH: payload,
        GITHUB_SHA: repository.tip("main") ?? "",
        GITHUB_REF: "refs/heads/main",
        GITHUB_RUN_ID: String(100 + ++runs),
        GITHUB_RUN_NUMBER: String(runs),
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_JOB: "glu",
        GITHUB_WORKFLOW: "glu",
        GLU_TOKEN: token,
      },
    });
  };
  const image = `web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}`;
  return {
    github,
    repository,
    job,
    build: (...more: string[]) => job(["artifact", "create", "--app", "web", "--image", image, ...more]),
    promote: async () => {
      const named = ["--app", "web", "--environment", environments.join()];
      const ended = await job(["promote", ...named], "json");
      return { ...ended, answer: JSON.parse(ended.stdout || "{}") };
    },
    /** What the token may still ask in this hour; half an hour of it is over. */
    leave(left: number, limit = 1000) {
      const reset = Math.floor(Date.now() / 1000) + 1800;
      Object.assign(github.rates.core, { limit, remaining: left, reset });
    },
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      sandbox[Symbol.dispose]();
    },
  };
}

/** Two in a hundred are kept: beginning ends there, finishing does not. */
it.each([1, 21, 24, 31])("with %i of 1,000 calls left what is begun is finished", async (left) => {
  await using at = await start();
  const { github, repository } = at;
  expect(await at.build()).toMatchObject({ exitCode: 0 });
  at.leave(left);
  const first = await at.promote();
  const { answer } = first;
  expect(first.exitCode, first.stderr).toBe(4);
  const notices = (answer.notices as string[]).join("\n");
  expect(notices).toMatch(/Asking ended early, before the limit is used up\. .*of 1,000 calls are left until/);
  // What needs nobody's limit is done.
  expect(answer.decisions[0]).toMatchObject({ environment: "staging", result: "promoted" });
  expect(github.rates.core.remaining).toBeGreaterThanOrEqual(0);

  const branches = repository.git.git("for-each-ref", "--format=%(refname:short)", "refs/heads/glu");
  const proposed = answer.decisions.filter(({ result }: { result: string }) => result === "proposed");
  const undecided = answer.undecided.map((one: { environment: string; code: string }) => [one.environment, one.code]);
  expect(proposed.length + undecided.length).toBe(2);
  for (const [environment, code] of undecided) {
    expect(code).toBe("forge/budget-exhausted");
    expect(notices).toContain(`web in ${environment}`);
  }
  expect(repository.pulls.map(({ head }) => head).sort()).toEqual(branches.split("\n").filter(Boolean).sort());
  expect(repository.pulls).toHaveLength(proposed.length);
  for (const pull of repository.pulls) {
    expect(pull).toMatchObject({
      state: "open",
      labels: ["release"],
      body: expect.stringContaining("<!-- glu:proposal"),
    });
  }
  expect(notices).not.toMatch(/auto-merge/i);

  at.leave(900);
  const second = await at.promote();
  expect(second.exitCode, second.stderr).toBe(0);
  expect(second.answer).toMatchObject({ result: "proposed", undecided: [] });
  expect(repository.pulls.map(({ head }) => head).sort()).toEqual(["glu/overseas/web", "glu/production/web"]);
  expect(repository.pulls.find(({ head }) => head === "glu/production/web")).toMatchObject({ reviewers: ["ada"] });
  expect(repository.pulls.every(({ autoMergeBy, head }) => (autoMergeBy !== undefined) === head.includes("prod"))).toBe(
    true,
  );
  expect(repository.statuses.map(({ context }) => context).sort()).toEqual(
    ["glu/overseas", "glu/production"].flatMap((context) => [context, context]),
  );
  expect(github.violations).toEqual([]);
});

it("what is too much in a minute is waited for: everything is proposed, and once", async () => {
  await using at = await start();
  const { github, repository } = at;
  expect(await at.build()).toMatchObject({ exitCode: 0 });
  Object.assign(github.secondary, { content: 4, window: 1500 });
  const { exitCode, stderr, answer } = await at.promote();
  expect(exitCode, stderr).toBe(0);
  expect(answer).toMatchObject({ result: "proposed", undecided: [] });
  expect(github.secondary.refused).toBeGreaterThan(0);
  expect(repository.pulls.map(({ head, labels }) => [head, labels]).sort()).toEqual([
    ["glu/overseas/web", ["release"]],
    ["glu/production/web", ["release"]],
  ]);
  expect(github.violations).toEqual([]);
});

it("what one proposal costs in calls", async () => {
  await using at = await start();
  const { github } = at;
  expect(await at.build()).toMatchObject({ exitCode: 0 });
  at.leave(900);
  const calls = async (...args: string[]): Promise<string[]> => {
    github.requests.splice(0);
    const ended = await at.job(args, "json");
    expect(ended.exitCode, ended.stderr).toBe(0);
    return github.requests.splice(0).map(GithubServer.routeOf);
  };
  const named = ["promote", "--app", "web", "--environment"];
  await calls(...named, "staging");
  const opened = await calls(...named, "overseas");
  const stands = await calls(...named, "overseas");
  const looked = await calls("reconcile");
  // docs/proposals.md says so.
  const repo = "/repos/{owner}/{repo}";
  const standing = [
    "POST /graphql",
    ...Array(2).fill(`GET ${repo}/pulls`),
    ...Array(2).fill(`GET ${repo}/commits/{ref}/status`),
  ];
  expect(stands).toEqual(standing);
  expect(looked).toEqual(standing);
  expect(opened).toHaveLength(12);
});

it("what was asked and what is left is said by whoever asks", async () => {
  await using at = await start();
  const said =
    /^127\.0\.0\.1:\d+: \d+ calls?(?: \(\d+ unchanged\))?, (?:.*, )?\d+ of 1,000 left until \d\d:\d\d UTC(?:, graphql [\d,]+ of [\d,]+ left until \d\d:\d\d UTC)?$/m;
  at.leave(900);
  const reset = String(at.github.rates.core.reset);
  const headers = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "899", "x-ratelimit-reset": reset };
  // Workflows are not modelled: nothing starts here.
  at.github.fault = ({ name }) =>
    name.endsWith("/dispatches") ? { answer: { status: 204, headers, text: "" } } : undefined;
  const built = await at.build("--request", "acme/config");
  expect(built.exitCode, built.stderr).toBe(0);
  expect(built.stdout).toMatch(said);
  const doctor = await at.job(["doctor"]);
  expect(doctor.exitCode, doctor.stderr).toBe(0);
  expect(doctor.stdout).toMatch(said);
  const frozen = await at.promote().then(() => at.job(["freeze", "production", "--reason", "audit"]));
  expect(frozen.exitCode, frozen.stderr).toBe(0);
  expect(frozen.stdout).toMatch(said);
  const json = JSON.parse((await at.job(["doctor"], "json")).stdout);
  expect(json.cost).toMatchObject({ way: null, api: [{ calls: expect.any(Number) }] });
  // Whose the token is, doctor asks by the other API.
  const limits = json.cost.api[0].limits.map(({ limit }: { limit: number }) => limit);
  expect(limits).toEqual([1000, 5000]);

  // What was not looked at is not called well.
  at.leave(20);
  const early = await at.job(["doctor"]);
  expect(early.exitCode).toBe(4);
  expect(early.stdout).toContain("not seen");
  expect(early.stdout + early.stderr).toContain("Asking ended early, before the limit is used up.");
});

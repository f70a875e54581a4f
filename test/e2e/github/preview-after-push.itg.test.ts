import { mkdirSync, symlinkSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { afterEach, describe, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// What surrounds a preview once its commit is pushed: deployments, the comment, whether it is healthy. None of it undoes
// the commit.
const template = 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { sha: "{{ pull.sha }}" }\n';
const configOf = (previews: string) => `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com"${previews} }
defaults:
  repository: acme/web
  preview: { template: preview }
  write: [{ yaml: "{{ app }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
apps: { web: {}, docs: {} }
`;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(previews = "") {
  const sandbox = new Sandbox();
  const github = await GithubServer.start();
  const token = github.token("glu-acme[bot]");
  const files = { "glu.yaml": configOf(previews), "preview/web.yaml": template, "web.yaml": "image: { tag: '1' }\n" };
  const config = github.repository("acme/config", files);
  const web = github.repository("acme/web", { "README.md": "Web\n" });
  const path = join(sandbox.folder, "git", "acme/config.git");
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(config.git.path, path);
  const git = await GitServer.start(join(sandbox.folder, "git"));
  open.push(async () => {
    expect(github.violations).toEqual([]);
    await git[Symbol.asyncDispose]();
    await github[Symbol.asyncDispose]();
    sandbox[Symbol.dispose]();
  });
  const as = async (method: string, at: string, body: unknown) => {
    const headers = {
      authorization: `Bearer ${github.token("ada")}`,
      "user-agent": "t",
      "x-github-api-version": "2022-11-28",
    };
    const response = await fetch(`${github.apiUrl}/repos/acme/web${at}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as { number: number };
  };
  let count = 0;
  const tip = () => config.tip("main") ?? "";
  return {
    ...{ github, web, tip },
    async open() {
      const head = `change-${++count}`;
      web.git.git("update-ref", `refs/heads/${head}`, "refs/heads/main");
      const sha = web.git.push(head, { [head]: "x\n" });
      const { number } = await as("POST", "/pulls", { head, base: "main", title: "A change" });
      return { number: String(number), sha, push: () => web.git.push(head, { [head]: `${++count}\n` }) };
    },
    close: (number: string) => as("PATCH", `/pulls/${number}`, { state: "closed" }),
    /** What people see of deployments: of each its task, commit, and the states that it was told. */
    deployments: () =>
      web.deployments.map(({ task, sha, environment, statuses }) => {
        return { task, sha, environment, states: statuses.map(({ state }) => state), last: statuses.at(-1) };
      }),
    comment: (number: string) => web.pulls.find((one) => one.number === Number(number))?.comments.at(0)?.body ?? "",
    /** The API answers so, once something was pushed. */
    failAfterPush(status: number, of: (name: string) => boolean = () => true) {
      const before = tip();
      github.fault = ({ name }) =>
        tip() !== before && of(name) ? { answer: { status, text: JSON.stringify({ message: "No" }) } } : undefined;
    },
    there: () => config.git.git("ls-tree", "-r", "--name-only", "main"),
    async preview(...args: readonly string[]) {
      const ended = await execute("node", [join(root, "dist/glu.js"), "preview", ...args, "--output", "json"], {
        cwd: sandbox.folder,
        env: {
          ...sandbox.environment,
          ...{ GITHUB_ACTIONS: "true", GITHUB_SERVER_URL: git.origin, GITHUB_API_URL: github.apiUrl },
          ...{ GITHUB_REPOSITORY: "acme/config", GITHUB_EVENT_NAME: "schedule", GITHUB_SHA: tip() },
          ...{ GITHUB_REF: "refs/heads/main", GITHUB_RUN_ID: "100", GITHUB_RUN_NUMBER: "1", GITHUB_RUN_ATTEMPT: "1" },
          ...{ GITHUB_JOB: "glu", GITHUB_WORKFLOW: "glu", GLU_TOKEN: token },
        },
      });
      return { ...ended, answer: JSON.parse(ended.stdout || "{}") as Record<string, unknown> };
    },
  };
}

describe("deployments of previews", () => {
  it("are of one environment, follow the pull request, and are over when it is", async () => {
    const at = await start();
    const { number, sha, push } = await at.open();
    for (const app of ["web", "docs"]) {
      const { answer, stderr } = await at.preview("up", app, number, "--sha", sha);
      expect(answer, stderr).toMatchObject({ state: "created", degraded: null, health: "unknown" });
    }
    expect((await at.preview("up", "web", number, "--sha", sha)).answer).toMatchObject({ state: "unchanged" });
    expect(at.deployments()).toMatchObject([
      {
        ...{ task: `preview:web:pr-${number}`, environment: "preview", sha, states: ["success"] },
        last: {
          environment_url: `https://web-pr-${number}.preview.example.com`,
          log_url: expect.stringContaining("/100"),
        },
      },
      { task: `preview:docs:pr-${number}`, environment: "preview", sha, states: ["success"] },
    ]);
    const newer = push();
    await at.preview("up", "web", number, "--sha", newer);
    expect(at.deployments().map(({ sha: of, states }) => [of, states.at(-1)])).toEqual([
      [sha, "inactive"],
      [sha, "success"],
      [newer, "success"],
    ]);
    await at.close(number);
    expect((await at.preview("down", "web", number)).answer).toMatchObject({ state: "removed", degraded: null });
    expect(at.deployments().map(({ states }) => states.at(-1))).toEqual(["inactive", "success", "inactive"]);
    // The close of the other one is missed: the sweep ends what it takes down.
    await at.open();
    expect((await at.preview("sweep")).answer).toMatchObject({ result: "swept", degraded: null });
    expect(at.deployments().map(({ states }) => states.at(-1))).toEqual(["inactive", "inactive", "inactive"]);
  }, 240_000);

  it("are over of what had to go for another one, and its comment says so", async () => {
    const at = await start(", limit: 1, on-limit: evict-idle");
    const [first, second] = [await at.open(), await at.open()];
    const long = `${new Date(Date.now() - 2 * 3_600_000).toISOString().slice(0, 19)}Z`;
    for (const pull of at.web.pulls) Object.assign(pull, { updatedAt: long });
    await at.preview("up", "web", first.number, "--sha", first.sha);
    const { answer, stderr } = await at.preview("up", "docs", second.number, "--sha", second.sha);
    expect(answer, stderr).toMatchObject({ state: "created", degraded: null, evicted: [{ app: "web" }] });
    expect(at.deployments().map(({ states }) => states)).toEqual([["success", "inactive"], ["success"]]);
    expect(at.comment(first.number)).toContain("another one took its place");
  }, 120_000);

  it("are one where two jobs of a pull request run at once", async () => {
    const at = await start();
    const { number, sha } = await at.open();
    const both = await Promise.all([0, 1].map(() => at.preview("up", "web", number, "--sha", sha)));
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const active = at.deployments().filter(({ states }) => states.at(-1) !== "inactive");
    expect(active).toMatchObject([{ sha, states: ["success"] }]);
  }, 120_000);

  it("are none where the config wants none", async () => {
    const at = await start(", deployments: false");
    const { number, sha } = await at.open();
    expect((await at.preview("up", "web", number, "--sha", sha)).answer).toMatchObject({ degraded: null });
    expect(at.deployments()).toEqual([]);
  }, 60_000);
});

describe("a forge that fails after the push", () => {
  it("that may not be told is told of line by line, with the permission; what was missed is done by the next run", async () => {
    const at = await start();
    const { number, sha } = await at.open();
    at.failAfterPush(403, (name) => /deployments|comments/.test(name));
    const up = await at.preview("up", "web", number, "--sha", sha);
    expect([up.exitCode, up.answer.state], up.stderr).toEqual([0, "created"]);
    const lines = String(up.answer.degraded).split("\n");
    expect(lines).toEqual([
      expect.stringMatching(
        /^The deployment of web pr-1 could not be written: .*'permissions: \{ deployments: write \}'/,
      ),
      expect.stringMatching(/^The comment on #1 could not be written: .*pull-requests: write/),
    ]);
    for (const line of lines) expect(up.stderr).toContain(line);
    expect(at.there()).toContain(`previews/web/pr-${number}/web.yaml`);
    at.github.fault = () => undefined;
    expect((await at.preview("up", "web", number, "--sha", sha)).answer).toMatchObject({ degraded: null });
    expect(at.deployments()).toMatchObject([{ states: ["success"] }]);
    // Down is missed, too, and its job is run again.
    await at.close(number);
    at.failAfterPush(403, (name) => /deployments/.test(name));
    expect((await at.preview("down", "web", number)).answer).toMatchObject({
      state: "removed",
      degraded: expect.any(String),
    });
    at.github.fault = () => undefined;
    expect((await at.preview("down", "web", number)).answer).toMatchObject({ state: "unchanged", degraded: null });
    expect(at.deployments()).toMatchObject([{ states: ["success", "inactive"] }]);
  }, 240_000);

  it("that cannot be reached undoes nothing, and is asked for nothing more", async () => {
    const at = await start();
    const { number, sha } = await at.open();
    at.failAfterPush(502);
    const { exitCode, answer, stderr } = await at.preview("up", "web", number, "--sha", sha);
    expect([exitCode, answer.state], stderr).toEqual([0, "created"]);
    expect(String(answer.degraded).split("\n")).toEqual([
      expect.stringMatching(/it answers 502.*Nothing more is told\.$/),
    ]);
    expect(at.there()).toContain(`previews/web/pr-${number}/web.yaml`);
  }, 60_000);
});

/** A preview that answers with these statuses in their order, the last one again and again. */
async function serve(...statuses: number[]) {
  const asked: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server: Server = createServer(({ url, headers }, response) => {
    const status = statuses[Math.min(asked.length, statuses.length - 1)] ?? 500;
    asked.push({ url, headers });
    response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => new Promise((resolve) => server.close(resolve)));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, health: `, health: "${origin}/{{ preview.name }}/{{ pull.sha }}"` };
}

describe("a preview that is waited for", () => {
  it("is there when it answers with 2xx, and no redirect is followed, no token sent", async () => {
    const { asked, health } = await serve(302, 503, 200);
    const at = await start(health);
    const { number, sha } = await at.open();
    const { exitCode, answer, stderr } = await at.preview("up", "web", number, "--sha", sha, "--wait", "5m");
    expect([exitCode, answer.state, answer.health, answer.degraded], stderr).toEqual([0, "created", "healthy", null]);
    expect(asked.map(({ url }) => url)).toEqual(Array(3).fill(`/web-pr-${number}/${sha}`));
    expect(asked.some(({ headers }) => "authorization" in headers || "cookie" in headers)).toBe(false);
    expect(at.deployments()).toMatchObject([{ sha, states: ["in_progress", "success"] }]);
    expect(at.comment(number)).toContain(" is healthy");
    // Who does not wait knows nothing of it, and takes nothing back.
    expect((await at.preview("up", "web", number, "--sha", sha)).answer).toMatchObject({ health: "unknown" });
    expect(at.comment(number)).toContain(" is healthy");
  }, 120_000);

  it("is not there in time: it stays up, and all that look are told so", async () => {
    const { health } = await serve(503);
    const at = await start(health);
    const { number, sha } = await at.open();
    const { exitCode, answer, stderr } = await at.preview("up", "web", number, "--sha", sha, "--wait", "1s");
    expect([exitCode, answer.state, answer.health], stderr).toEqual([3, "created", "unhealthy"]);
    expect(answer.degraded).toMatch(/^The preview of web pr-1 is not healthy within 1s: it answers 503, at http/);
    expect(at.there()).toContain(`previews/web/pr-${number}/web.yaml`);
    expect(at.deployments()).toMatchObject([{ sha, states: ["in_progress", "failure"] }]);
    expect(at.comment(number)).toContain(" is not healthy yet");
  }, 60_000);

  it("without an address to ask is a mistake, and nothing is written", async () => {
    const at = await start();
    const { number, sha } = await at.open();
    const before = at.tip();
    const { exitCode, answer } = await at.preview("up", "web", number, "--sha", sha, "--wait", "1m");
    expect([exitCode, answer.code]).toEqual([2, "preview/no-health"]);
    expect(at.tip()).toBe(before);
  }, 60_000);
});

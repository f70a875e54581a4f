import {
  appName,
  type Bytes,
  deploymentTask,
  type PreviewDeployment,
  previewPath,
  type SeenPreview,
  showDeployment,
} from "@glu/core";
import {
  type GithubRepository,
  GithubServer,
  MemoryRepository,
  previewDeploymentsContract,
  realClock,
} from "@glu/testing/internal";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPreviewDeployments } from "./create-preview-deployments.ts";

let github: GithubServer;
let repository: GithubRepository;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.requests.splice(0);
  repository = github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const deploymentsOf = (token: string | undefined, by: typeof fetch = fetch) =>
  createPreviewDeployments({
    ...{ forge: "github", apiUrl: github.apiUrl, repository: repository.fullName, token, fetch: by },
    clock: { ...realClock, sleep: async () => {} },
  });
const bot = () => github.token("github-actions[bot]");
const push = () => repository.git.push("change", { [`file-${++count}`]: "x\n" });
const stateOf = ({ statuses }: GithubRepository["deployments"][number]) => statuses.at(-1)?.state;

const task = "preview:web:pr-7";
const of = (commit: string): PreviewDeployment => ({
  ...{ commit, state: "success", isChecked: false, description: "Preview of web for #7" },
  ...{ page: "https://web-pr-7.preview.example.com", log: undefined },
});

previewDeploymentsContract("GitHub's API", async () => ({
  deployments: deploymentsOf(bot()),
  has: true,
  push: async () => push(),
  seen: async (one) =>
    repository.deployments
      .filter((deployment) => deployment.task === one)
      .map((deployment) => {
        const state = stateOf(deployment);
        const page = deployment.statuses.at(-1)?.environment_url || undefined;
        return { commit: deployment.sha, state: state === "in_progress" ? "in-progress" : (state as "success"), page };
      }),
  [Symbol.asyncDispose]: async () => {},
}));

describe("previews as deployments on GitHub", () => {
  it("are of one transient environment, merge nothing and wait for no check", async () => {
    const commit = push();
    repository.git.push("main", { ahead: "x\n" });
    const failed = { context: "ci", state: "failure", description: "", target_url: null };
    const creator = { login: "ci", type: "Bot", access: "write", seesTeams: false } as const;
    repository.statuses.push({ ...failed, id: 1, sha: commit, creator, at: "2026-01-01T00:00:00Z" });
    await deploymentsOf(bot()).settle(task, of(commit));
    expect(repository.deployments).toMatchObject([
      { sha: commit, task, environment: "preview", transient: true, production: false },
    ]);
  });

  it("end 300 that were left behind, on all pages, and ask for their states by the hundred", async () => {
    const deployments = deploymentsOf(bot());
    await deployments.settle(task, of(push()));
    const [first] = repository.deployments;
    const [status] = first?.statuses ?? [];
    if (first === undefined || status === undefined) return expect.unreachable();
    // Of two of three nobody knows whether they are over.
    for (let id = 2; id <= 300; id++) {
      const left = { ...first, id, statuses: [] as typeof first.statuses };
      left.statuses.push({ ...status, deployment: left, id, state: id % 3 === 0 ? "inactive" : "success" });
      repository.deployments.push(left);
    }
    const other = { ...first, id: 301, task: "preview:web:pr-8", statuses: [...first.statuses] };
    repository.deployments.push(other);
    github.requests.splice(0);
    expect(await deployments.settle(task, undefined)).toBe(true);
    expect(repository.deployments.map(stateOf)).toEqual([...Array(300).fill("inactive"), "success"]);
    const routes = github.requests.map(GithubServer.routeOf);
    const made = routes.filter((route) => route.startsWith("POST /repos"));
    expect([routes.length - made.length, made.length]).toEqual([6, 200]);
    expect(await deployments.settle(task, undefined)).toBe(false);
  });

  it("name what a token lacks", async () => {
    const commit = push();
    const cases = [
      [undefined, "deployment/no-token", /GLU_TOKEN/],
      ["ghs_unknown", "deployment/unauthorised", /permissions: \{ deployments: write \}/],
      [
        github.token("reader[bot]", { access: "read" }),
        "deployment/forbidden",
        /permissions: \{ deployments: write \}/,
      ],
      [github.token("stranger[bot]", { access: "none" }), "deployment/not-found", /Check the name acme\/web-\d+/],
    ] as const;
    for (const [token, code, fix] of cases) {
      const told = deploymentsOf(token).settle(task, of(commit));
      await expect(told).rejects.toMatchObject({ code, fix: expect.stringMatching(fix) });
    }
    expect(repository.deployments).toEqual([]);
  });
});

describe("several jobs of one pull request at once", () => {
  const app = appName("web");
  const record = (number: number, head: string): Bytes =>
    new TextEncoder().encode(
      JSON.stringify({
        ...{ schema: "glu.preview.v1", app, number, head, namespace: "web-pr-7", images: {}, files: [] },
        ...{ clock: "2026-11-21T07:00:00.000Z", createdAt: "2026-11-21T07:00:00.000Z", idle: 1, maxAge: 1 },
        ...{ trust: { by: "repository", sha: head }, template: { from: "x", hash: "y" }, request: "r" },
        ...{ actor: { name: "ada", verified: true } },
      }),
    );

  it("however they come between each other: what stands in Git is active, once, and nothing else", async () => {
    const commits = [push(), push(), push()];
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 3 }), { minLength: 2, maxLength: 5 }),
        fc.scheduler(),
        async (steps, scheduler) => {
          const of = { app, number: ++number };
          const path = previewPath(app, number);
          const config = new MemoryRepository({ seed: { "README.md": "" } }).open();
          const by = scheduler.scheduleFunction(((...given) => fetch(...given)) as typeof fetch) as typeof fetch;
          const token = bot();
          const jobs: Promise<void>[] = [];
          for (const step of steps) {
            // Each job commits, and tells of it later, beside the others.
            const head = step === undefined ? undefined : commits[step];
            const tip = await config.open();
            const isThere = (await tip.read([path])).has(path);
            if (head !== undefined || isThere) {
              await config.commit(tip, {
                message: "A job",
                changes: [{ path, content: head === undefined ? head : record(of.number, head) }],
              });
            }
            const seen: SeenPreview | undefined =
              head === undefined ? head : { head, state: "success", isChecked: false };
            const ports = { repository: config, deployments: deploymentsOf(token, by), run: undefined };
            jobs.push(showDeployment(of, seen, ports));
          }
          await scheduler.waitFor(Promise.all(jobs));
          const last = steps.at(-1);
          const active = repository.deployments.filter(
            (one) => one.task === deploymentTask(of) && stateOf(one) !== "inactive",
          );
          expect(active.map(({ sha }) => sha)).toEqual(last === undefined ? [] : [commits[last]]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

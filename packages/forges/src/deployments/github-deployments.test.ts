import type { Deployment } from "@glu/core";
import { deploymentsContract, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDeployments } from "./create-deployments.ts";

let github: GithubServer;
let repository: GithubRepository;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
  github.requests.splice(0);
  repository = github.repository(`acme/config-${++count}`, { "README.md": "Config\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const deploymentsOf = ({ fullName }: GithubRepository, token: string | undefined) =>
  createDeployments({
    forge: "github",
    apiUrl: github.apiUrl,
    webUrl: `https://github.com/${fullName}`,
    repository: fullName,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

const push = () => repository.git.push("main", { [`file-${++count}`]: "x\n" });

deploymentsContract("GitHub's API", async () => ({
  deployments: deploymentsOf(repository, github.token("github-actions[bot]")),
  has: true,
  push: async () => push(),
  seen: async (environment) =>
    repository.deployments
      .filter((one) => one.environment === environment)
      .map(({ sha, statuses }) => {
        const last = statuses.at(-1);
        const state = last?.state === "in_progress" ? "in-progress" : (last?.state as "success");
        return { commit: sha, state, page: last?.environment_url || undefined };
      }),
  [Symbol.asyncDispose]: async () => {},
}));

const deployment = (commit: string, more: Partial<Deployment> = {}): Deployment => ({
  of: { request: "r1", app: "web", environment: "production" },
  environment: "production",
  tier: "production",
  isTransient: false,
  commit,
  ref: { name: "main", isTag: false },
  description: "v1.2.0",
  facts: { artifact: "20260101t000000z-0123456789ab", version: "v1.2.0" },
  state: "success",
  page: "https://web.example.org",
  log: "https://example.org/runs/1",
  ...more,
});
const states = () => repository.deployments.map(({ statuses }) => statuses.map(({ state }) => state));

describe("deployments on GitHub", () => {
  it("merges nothing, waits for no check, and says of what it is", async () => {
    const commit = push();
    push();
    const failed = { context: "ci", state: "failure", description: "", target_url: null };
    const creator = { login: "ci", type: "Bot", access: "write", seesTeams: false } as const;
    repository.statuses.push({ ...failed, id: 1, sha: commit, creator, at: "2026-01-01T00:00:00Z" });
    const url = await deploymentsOf(repository, github.token("ada")).tell(deployment(commit));
    expect(url).toBe(`https://github.com/${repository.fullName}/deployments/production`);
    expect(repository.deployments).toMatchObject([
      {
        sha: commit,
        production: true,
        transient: false,
        payload: {
          request: "r1",
          app: "web",
          environment: "production",
          artifact: "20260101t000000z-0123456789ab",
          version: "v1.2.0",
        },
        statuses: [{ state: "success", log_url: "https://example.org/runs/1" }],
      },
    ]);
  });

  it("leaves what other apps have in the same environment alone, and what others made there", async () => {
    const deployments = deploymentsOf(repository, github.token("ada"));
    const others = deployment(push(), {
      of: { request: "r0", app: "api", environment: "production" },
      tier: "staging",
    });
    await deployments.tell(others);
    const made = { environment: "production", ref: "main", auto_merge: false, required_contexts: [] };
    const by = {
      authorization: `Bearer ${github.token("eve")}`,
      "user-agent": "t",
      "x-github-api-version": "2022-11-28",
    };
    const path = `${github.apiUrl}/repos/${repository.fullName}/deployments`;
    await fetch(path, { method: "POST", headers: by, body: JSON.stringify({ ...made, payload: "not { JSON" }) });
    await fetch(`${path}/2/statuses`, {
      method: "POST",
      headers: by,
      body: JSON.stringify({ state: "success", auto_inactive: false }),
    });
    for (const request of ["r1", "r2"]) {
      await deployments.tell(
        deployment(push(), { of: { request, app: "web", environment: "production" }, tier: "staging" }),
      );
    }
    expect(states()).toEqual([["success"], ["success"], ["success", "inactive"], ["success"]]);
  });

  it("ends one that is in progress when another begins, and what ran when the other is a success", async () => {
    const deployments = deploymentsOf(repository, github.token("ada"));
    const told = (request: string, state: Deployment["state"]) =>
      deployments.tell(
        deployment(repository.tip("main") ?? "", { of: { request, app: "web", environment: "production" }, state }),
      );
    push();
    await told("r1", "success");
    await told("r2", "in-progress");
    await told("r3", "in-progress");
    expect(states()).toEqual([["success"], ["in_progress", "inactive"], ["in_progress"]]);
    await told("r3", "success");
    expect(states()).toEqual([
      ["success", "inactive"],
      ["in_progress", "inactive"],
      ["in_progress", "success"],
    ]);
    // What was overtaken and is told of again stays so.
    await told("r1", "success");
    expect(states()[0]).toEqual(["success", "inactive"]);
  });

  it("names what a token lacks", async () => {
    const commit = push();
    const cases = [
      [undefined, "deployment/no-token", /GLU_TOKEN/],
      ["ghs_unknown", "deployment/unauthorised", /permissions: \{ deployments: write \}/],
      [
        github.token("github-actions[bot]", { access: "read" }),
        "deployment/forbidden",
        /permissions: \{ deployments: write \}/,
      ],
      [github.token("glu-acme[bot]", { access: "none" }), "deployment/not-found", /Check the name acme\/config-\d+/],
    ] as const;
    for (const [token, code, fix] of cases) {
      await expect(deploymentsOf(repository, token).tell(deployment(commit))).rejects.toMatchObject({
        code,
        fix: expect.stringMatching(fix),
      });
    }
    expect(repository.deployments).toEqual([]);
  });
});

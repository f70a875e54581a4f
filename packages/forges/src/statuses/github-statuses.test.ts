import { type GithubRepository, GithubServer, realClock, statusesContract } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createStatuses } from "./create-statuses.ts";

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

const statusesOf = ({ fullName }: GithubRepository, token: string | undefined) =>
  createStatuses({
    forge: "github",
    apiUrl: github.apiUrl,
    repository: fullName,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

statusesContract("GitHub's API", async () => {
  const of = (commit: string, context: string) =>
    repository.statuses.filter((one) => one.sha === commit && one.context === context);
  return {
    statuses: statusesOf(repository, github.token("github-actions[bot]")),
    push: async () => repository.git.push("main", { [`file-${++count}`]: "x\n" }),
    seen: async (commit, context) => {
      const one = of(commit, context).at(-1);
      if (one === undefined) return undefined;
      const state = one.state as "pending";
      return { context, state, description: one.description ?? "", url: one.target_url ?? undefined };
    },
    kept: async (commit, context) => of(commit, context).length,
    [Symbol.asyncDispose]: async () => {},
  };
});

const success = { context: "glu/production", state: "success", description: "May be merged", url: undefined } as const;
const tip = () => repository.tip("main") ?? "";

describe("statuses on GitHub", () => {
  it("asks for a status once, and writes it once", async () => {
    await statusesOf(repository, github.token("ada")).set(tip(), success);
    expect(github.requests.map(({ name }) => name.replace(tip(), "…"))).toEqual([
      `GET /repos/${repository.fullName}/commits/…/status`,
      `POST /repos/${repository.fullName}/statuses/…`,
    ]);
  });

  it("takes a context that differs in capitals only for the same", async () => {
    const statuses = statusesOf(repository, github.token("ada"));
    await statuses.set(tip(), { ...success, context: "GLU/Production" });
    await statuses.set(tip(), success);
    expect(repository.statuses).toHaveLength(1);
  });

  it("says when GitHub takes no more of them", async () => {
    const creator = { login: "ci", type: "Bot", access: "write", seesTeams: false } as const;
    const one = { sha: tip(), state: "failure", context: success.context, description: "", target_url: null, creator };
    repository.statuses.push(...Array.from({ length: 1000 }, (_, id) => ({ ...one, id, at: "2026-01-01T00:00:00Z" })));
    await expect(statusesOf(repository, github.token("ada")).set(tip(), success)).rejects.toMatchObject({
      code: "status/invalid",
      seen: expect.stringContaining("maximum number of statuses"),
      fix: expect.stringContaining("no more statuses of this commit"),
    });
  });

  it("names what a token lacks", async () => {
    const cases = [
      [undefined, "status/no-token", /GLU_TOKEN/],
      ["ghs_unknown", "status/unauthorised", /permissions: \{ statuses: write \}/],
      [
        github.token("github-actions[bot]", { access: "read" }),
        "status/forbidden",
        /permissions: \{ statuses: write \}/,
      ],
      [github.token("glu-acme[bot]", { access: "none" }), "status/not-found", /Check the name acme\/config-\d+/],
    ] as const;
    for (const [token, code, fix] of cases) {
      await expect(statusesOf(repository, token).set(tip(), success)).rejects.toMatchObject({
        code,
        fix: expect.stringMatching(fix),
      });
    }
    expect(repository.statuses).toEqual([]);
  });
});

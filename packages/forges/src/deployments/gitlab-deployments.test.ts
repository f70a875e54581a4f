import type { Deployment } from "@glu/core";
import { deploymentsContract, FakeClock, GitlabServer, type SeenDeployment } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDeployments } from "./create-deployments.ts";

const deploymentsOf = (gitlab: GitlabServer, token: string) =>
  createDeployments({
    forge: "gitlab",
    apiUrl: `${gitlab.apiUrl}/`,
    webUrl: `${gitlab.origin}/${gitlab.project}`,
    repository: gitlab.project,
    token,
    clock: new FakeClock(),
  });

let count = 0;
const pushTo = (gitlab: GitlabServer) => gitlab.repository.push("main", { [`file-${++count}`]: "x" });
const states: Readonly<Record<string, SeenDeployment["state"]>> = {
  running: "in-progress",
  success: "success",
  failed: "failure",
};

for (const [who, tokenOf] of [
  ["an access token", (gitlab: GitlabServer) => gitlab.user("glu", "developer").token],
  ["a job's token", (gitlab: GitlabServer) => gitlab.jobToken("ada").token],
] as const) {
  deploymentsContract(`a strict GitLab with ${who}`, async () => {
    const gitlab = await GitlabServer.start();
    return {
      deployments: deploymentsOf(gitlab, tokenOf(gitlab)),
      has: true,
      push: async () => pushTo(gitlab),
      seen: async (environment) =>
        gitlab.deployments.all
          .filter((one) => one.environment.name === environment)
          .map(({ sha, status, environment: { externalUrl } }) => ({
            commit: sha,
            state: states[status] ?? "inactive",
            page: externalUrl ?? undefined,
          })),
      [Symbol.asyncDispose]: async () => {
        expect(gitlab.unmodelled).toEqual([]);
        await gitlab[Symbol.asyncDispose]();
      },
    };
  });
}

describe("deployments on GitLab", () => {
  let gitlab: GitlabServer;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
  });
  afterAll(async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  });
  const deployment = (more: Partial<Deployment> = {}): Deployment => ({
    of: { request: "r1", app: "web", environment: "production" },
    environment: "production",
    tier: "production",
    isTransient: false,
    commit: pushTo(gitlab),
    ref: { name: "main", isTag: false },
    description: "v1.2.0",
    facts: {},
    state: "success",
    page: undefined,
    log: undefined,
    ...more,
  });

  it("gives an environment the tier that GitLab knows, and no other", async () => {
    const { token } = gitlab.user("glu", "developer");
    await deploymentsOf(gitlab, token).tell(deployment());
    await deploymentsOf(gitlab, token).tell(deployment({ environment: "canary", tier: "canary" }));
    expect(gitlab.deployments.environments).toMatchObject([
      { name: "production", tier: "production" },
      { name: "canary", tier: "other" },
    ]);
  });

  it("does not begin again what is finished", async () => {
    const { token } = gitlab.user("glu-2", "developer");
    const one = deployment({ environment: "done" });
    await deploymentsOf(gitlab, token).tell(one);
    await deploymentsOf(gitlab, token).tell({ ...one, state: "in-progress" });
    expect(gitlab.deployments.all.filter(({ environment }) => environment.name === "done")).toMatchObject([
      { status: "success" },
    ]);
  });

  it("says that the branch is gone", async () => {
    const { token } = gitlab.user("glu-3", "developer");
    const gone = deployment({ ref: { name: "gone", isTag: false } });
    await expect(deploymentsOf(gitlab, token).tell(gone)).rejects.toMatchObject({
      code: "deployment/invalid",
      seen: expect.stringContaining("branch or tag does not exist"),
      fix: expect.stringContaining("branch"),
    });
  });

  it("names the role and the scope that a token lacks", async () => {
    const cases = [
      ["glpat-unknown", "deployment/unauthorised", /^401/],
      ["glcbt-unknown", "deployment/unauthorised", /^401/],
      [gitlab.user("reporter", "reporter").token, "deployment/forbidden", /^403: 403 Forbidden/],
      [gitlab.user("reader", "developer", "read_api").token, "deployment/forbidden", /insufficient_scope/],
      [gitlab.user("stranger").token, "deployment/not-found", /404 Project Not Found/],
    ] as const;
    for (const [token, code, seen] of cases) {
      await expect(deploymentsOf(gitlab, token).tell(deployment({ environment: "new" }))).rejects.toMatchObject({
        code,
        seen: expect.stringMatching(seen),
        fix: expect.stringMatching(/role Developer and the scope 'api'/),
      });
    }
  });
});

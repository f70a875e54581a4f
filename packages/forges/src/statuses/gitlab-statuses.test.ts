import {
  FakeClock,
  GitlabServer,
  type GitlabUser,
  type StatusesFixture,
  statusesContract,
} from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStatuses } from "./create-statuses.ts";

const statusesOf = (gitlab: GitlabServer, token: string) =>
  createStatuses({
    forge: "gitlab",
    apiUrl: `${gitlab.apiUrl}/`,
    repository: gitlab.project,
    token,
    clock: new FakeClock(),
  });

let count = 0;
function pushTo(gitlab: GitlabServer): string {
  const branch = `glu/production/web-${++count}`;
  gitlab.repository.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
  return gitlab.repository.push(branch, { [`file-${count}`]: "x" });
}

interface Status {
  status: string;
  description: string | null;
  target_url: string | null;
}

const fixture =
  (before: (gitlab: GitlabServer, commit: string, by: GitlabUser) => void) => async (): Promise<StatusesFixture> => {
    const gitlab = await GitlabServer.start();
    const glu = gitlab.user("project_3_bot_glu", "developer");
    const list = (commit: string, query: Record<string, string>) =>
      gitlab.api<Status[]>(
        glu,
        "GET",
        `/projects/${encodeURIComponent(gitlab.project)}/repository/commits/${commit}/statuses?${new URLSearchParams({ ...query, per_page: "100" })}`,
      );
    return {
      statuses: statusesOf(gitlab, glu.token),
      push: async () => {
        const commit = pushTo(gitlab);
        before(gitlab, commit, glu);
        return commit;
      },
      seen: async (commit: string, name: string) => {
        const found = await list(commit, { name });
        expect(found.length).toBeLessThan(2);
        const [one] = found;
        if (one === undefined) return undefined;
        const state = one.status === "failed" ? "failure" : (one.status as "pending" | "success");
        return { context: name, state, description: one.description ?? "", url: one.target_url ?? undefined };
      },
      // One that was cancelled in between is no mark of ours.
      kept: async (commit: string, name: string) =>
        (await list(commit, { name, all: "true" })).filter(({ status }) => status !== "canceled").length,
      [Symbol.asyncDispose]: async () => {
        expect(gitlab.unmodelled).toEqual([]);
        await gitlab[Symbol.asyncDispose]();
      },
    };
  };

statusesContract(
  "a strict GitLab without pipelines",
  fixture(() => {}),
);
statusesContract(
  "a strict GitLab with pipelines of merge requests",
  fixture((gitlab, commit, by) => {
    gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    gitlab.statuses.pipeline(commit, { ref: "refs/merge-requests/1/head", source: "merge_request_event" }, "test", by);
  }),
);

describe("statuses on GitLab", () => {
  let gitlab: GitlabServer;
  let glu: GitlabUser;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
    glu = gitlab.user("glu", "developer");
  });
  afterAll(async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  });
  const success = { context: "glu/production", state: "success", description: "Merge it", url: undefined } as const;
  const of = (commit: string) => gitlab.statuses.all.filter(({ pipeline }) => pipeline.sha === commit);

  it("is set again when a newer pipeline has come, which it counts in then", async () => {
    const commit = pushTo(gitlab);
    const statuses = statusesOf(gitlab, glu.token);
    await statuses.set(commit, success);
    const ref = "refs/merge-requests/1/head";
    const newer = gitlab.statuses.pipeline(commit, { ref, source: "merge_request_event" }, "test", glu);
    await statuses.set(commit, success);
    await statuses.set(commit, success);
    expect(of(commit).map(({ name, pipeline: { id, source } }) => [name, id, source])).toEqual([
      ["glu/production", expect.any(Number), "external"],
      ["test", newer.id, "merge_request_event"],
      ["glu/production", newer.id, "merge_request_event"],
    ]);
  });

  it("says that a job has its name", async () => {
    const commit = pushTo(gitlab);
    gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, success.context, glu);
    await expect(statusesOf(gitlab, glu.token).set(commit, success)).rejects.toMatchObject({
      code: "status/invalid",
      seen: expect.stringContaining("has already been taken"),
      fix: expect.stringContaining("no job"),
    });
  });

  it("leaves out a link that GitLab does not take", async () => {
    const commit = pushTo(gitlab);
    const statuses = statusesOf(gitlab, glu.token);
    for (let times = 0; times < 2; times++) {
      await statuses.set(commit, { ...success, url: `https://example.org/${"x".repeat(300)}` });
    }
    expect(of(commit)).toMatchObject([{ status: "success", targetUrl: null }]);
  });

  it("says which token is needed when it is a job's, and asks nothing", async () => {
    for (const token of ["glcbt-64_abc", "glptt-abc"]) {
      const asked = gitlab.calls.length;
      await expect(statusesOf(gitlab, token).set("1".repeat(40), success)).rejects.toMatchObject({
        code: "status/job-token",
        fix: expect.stringMatching(/project access token of acme\/team\/config.*Developer.*'api'.*GLU_TOKEN/),
      });
      expect(gitlab.calls).toHaveLength(asked);
    }
  });

  it("names the role and the scope that a token lacks", async () => {
    const commit = pushTo(gitlab);
    const cases = [
      ["glpat-unknown", "status/unauthorised", /^401/],
      [gitlab.user("reporter", "reporter").token, "status/forbidden", /^403: 403 Forbidden/],
      [gitlab.user("reader", "developer", "read_api").token, "status/forbidden", /insufficient_scope/],
      [gitlab.user("stranger").token, "status/not-found", /404 Project Not Found/],
    ] as const;
    for (const [token, code, seen] of cases) {
      await expect(statusesOf(gitlab, token).set(commit, success)).rejects.toMatchObject({
        code,
        seen: expect.stringMatching(seen),
        fix: expect.stringMatching(/role Developer and the scope 'api'/),
      });
    }
  });
});

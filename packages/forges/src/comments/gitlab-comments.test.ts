import { commentsContract, FakeClock, GitlabServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createComments } from "./create-comments.ts";

const commentsOf = (gitlab: GitlabServer, token: string) =>
  createComments({
    forge: "gitlab",
    apiUrl: `${gitlab.apiUrl}/`,
    repository: gitlab.project,
    token,
    clock: new FakeClock(),
  });

let count = 0;

for (const role of ["developer", "reporter"] as const) {
  commentsContract(`a strict GitLab as ${role}`, async () => {
    const gitlab = await GitlabServer.start();
    const glu = gitlab.user("project_3_bot_glu", role);
    const ada = gitlab.user("ada", "developer");
    const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
    return {
      comments: commentsOf(gitlab, glu.token),
      pull: async (merge) => {
        const branch = `change-${++count}`;
        gitlab.repository.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
        const commit = gitlab.repository.push(branch, { [`file-${count}`]: "x" });
        const place = { source_branch: branch, target_branch: "main", title: "A change" };
        const { iid: number } = await gitlab.api<{ iid: number }>(ada, "POST", at, place);
        if (!merge) return { number, commit };
        const merged = await gitlab.api<{ squash_commit_sha: string }>(ada, "PUT", `${at}/${number}/merge`, {
          squash: true,
        });
        return { number, commit: merged.squash_commit_sha };
      },
      push: async () => gitlab.repository.push("main", { [`file-${++count}`]: "x" }),
      say: async (number, body) => void (await gitlab.api(ada, "POST", `${at}/${number}/notes`, { body })),
      said: async (number) => gitlab.requests.all[number - 1]?.notes.map(({ body }) => body) ?? [],
      [Symbol.asyncDispose]: async () => {
        expect(gitlab.unmodelled).toEqual([]);
        expect(gitlab.requests.commands).toEqual([]);
        await gitlab[Symbol.asyncDispose]();
      },
    };
  });
}

describe("comments on GitLab", () => {
  let gitlab: GitlabServer;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
  });
  afterAll(async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  });

  it("says which token is needed when it is a job's, and asks nothing", async () => {
    for (const token of ["glcbt-64_abc", "glptt-abc"]) {
      const asked = gitlab.calls.length;
      await expect(commentsOf(gitlab, token).write(1, "where", () => "x")).rejects.toMatchObject({
        code: "comment/job-token",
        fix: expect.stringMatching(/project access token of acme\/team\/config.*Reporter.*'api'.*GLU_TOKEN/),
      });
      expect(gitlab.calls).toHaveLength(asked);
    }
  });

  it("names the role and the scope that a token lacks", async () => {
    const ada = gitlab.user("ada", "developer");
    gitlab.repository.git("update-ref", "refs/heads/change", "refs/heads/main");
    const place = { source_branch: "change", target_branch: "main", title: "A change" };
    const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
    const { iid } = await gitlab.api<{ iid: number }>(ada, "POST", at, place);
    const cases = [
      ["glpat-unknown", "comment/unauthorised", /^401/],
      [gitlab.user("reader", "developer", "read_api").token, "comment/forbidden", /insufficient_scope/],
      [gitlab.user("stranger").token, "comment/not-found", /404 Project Not Found/],
    ] as const;
    for (const [token, code, seen] of cases) {
      await expect(commentsOf(gitlab, token).write(iid, "where", () => "x")).rejects.toMatchObject({
        code,
        seen: expect.stringMatching(seen),
        fix: expect.stringMatching(/role Reporter and the scope 'api'/),
      });
    }
  });
});

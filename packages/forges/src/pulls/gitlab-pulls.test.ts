import { GitlabServer, pullsContract, realClock } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { createPulls } from "./create-pulls.ts";

let count = 0;

const pullsOf = (gitlab: GitlabServer, token: string | undefined) =>
  createPulls({
    forge: "gitlab",
    apiUrl: gitlab.apiUrl,
    repository: gitlab.project,
    token,
    clock: { ...realClock, sleep: async () => {} },
  });

async function serve(seenBy: (gitlab: GitlabServer) => string) {
  const gitlab = await GitlabServer.start();
  const ada = gitlab.user("ada", "developer");
  const path = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
  const branchWith = (name: string) => {
    gitlab.repository.git("update-ref", `refs/heads/${name}`, "refs/heads/main");
    return gitlab.repository.push(name, { [`file-${++count}`]: "x" });
  };
  const open = async () => {
    const branch = `change/${++count}`;
    const head = branchWith(branch);
    const place = { source_branch: branch, target_branch: "main", title: "A change" };
    const { iid } = await gitlab.api<{ iid: number }>(ada, "POST", path, place);
    return { number: iid, head, branch };
  };
  const change = async (number: number, content: Record<string, unknown>) =>
    void (await gitlab.api(ada, "PUT", `${path}/${number}`, content));
  return {
    gitlab,
    pulls: pullsOf(gitlab, seenBy(gitlab)),
    stranger: pullsOf(gitlab, gitlab.user("stranger").token),
    nobody: pullsOf(gitlab, undefined),
    author: "ada",
    perPage: 100,
    open,
    openMany: async (many: number) => {
      await open();
      const [first] = gitlab.requests.all;
      if (first === undefined) throw new Error("It is not there.");
      for (let iid = 2; iid <= many; iid++) gitlab.requests.all.push({ ...first, iid });
    },
    push: async ({ branch }: { branch: string }) => gitlab.repository.push(branch, { [`file-${++count}`]: "x" }),
    label: async ({ number }: { number: number }, name: string) => {
      const { labels } = await gitlab.api<{ labels: string[] }>(ada, "GET", `${path}/${number}`);
      await change(number, { labels: [...labels, name].join(",") });
    },
    close: ({ number }: { number: number }) => change(number, { state_event: "close" }),
    reopen: ({ number }: { number: number }) => change(number, { state_event: "reopen" }),
    merge: async ({ number }: { number: number }) => {
      const how = { squash: true, should_remove_source_branch: true };
      await gitlab.api(ada, "PUT", `${path}/${number}/merge`, how);
    },
    openFromFork: async () => {
      const eve = gitlab.user("eve");
      const made = `made-${++count}`;
      const head = branchWith(made);
      gitlab.repository.git("update-ref", "refs/forks/7/change", head);
      gitlab.repository.git("update-ref", "-d", `refs/heads/${made}`);
      const { iid } = gitlab.requests.fromFork(7, "change", eve);
      return { number: iid, head, branch: "change" };
    },
    [Symbol.asyncDispose]: async () => {
      expect(gitlab.unmodelled).toEqual([]);
      await gitlab[Symbol.asyncDispose]();
    },
  };
}

pullsContract("a strict GitLab", () => serve((gitlab) => gitlab.user("glu", "reporter", "read_api").token));
pullsContract("a strict GitLab by the token of a job", () => serve((gitlab) => gitlab.jobToken("grace").token));

describe("merge requests of GitLab", () => {
  it("name the token that an older server wants", async () => {
    await using at = await serve((gitlab) => gitlab.jobToken("grace").token);
    at.gitlab.settings.jobsReadRequests = false;
    for (const ask of [() => at.pulls.find(1), () => at.pulls.open()]) {
      await expect(ask()).rejects.toMatchObject({
        kind: "usage",
        code: expect.stringMatching(/^pull\/(?:unauthorised|not-found)$/),
        fix: expect.stringMatching(/project access token .*'read_api'.*Older GitLabs show .* no job token/),
      });
    }
    const { token } = at.gitlab.user("writer", "developer", "write_repository");
    await expect(pullsOf(at.gitlab, token).open()).rejects.toMatchObject({
      code: "pull/forbidden",
      fix: expect.stringContaining("read_api"),
    });
  });

  it("are not gone where the token sees the project, and none of them", async () => {
    await using at = await serve((gitlab) => gitlab.user("glu", "reporter", "read_api").token);
    const { number } = await at.open();
    // As GitLab answers a guest of a private project.
    at.gitlab.fault = ({ route }) => {
      const status = route.endsWith("/:iid") ? 404 : 403;
      return { fault: { kind: "status", status, body: { message: `${status}` } }, carriedOut: false };
    };
    await expect(at.pulls.find(number)).rejects.toMatchObject({
      code: "pull/forbidden",
      fix: expect.stringContaining("the role Reporter"),
    });
  });

  it("that are being merged right now are open", async () => {
    await using at = await serve((gitlab) => gitlab.user("glu", "reporter", "read_api").token);
    const { number } = await at.open();
    const [one] = at.gitlab.requests.all;
    Object.assign(one ?? {}, { state: "locked" });
    expect(await at.pulls.find(number)).toMatchObject({ isOpen: true, closedAt: undefined });
  });
});

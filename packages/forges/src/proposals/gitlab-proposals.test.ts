import { type Proposals, type RefName, shortRef } from "@glu/core";
import { FakeClock, GitlabServer, type GitlabUser, proposalsContract } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

const project = (gitlab: GitlabServer) => `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;

function proposalsOf(gitlab: GitlabServer, token: string, repository = gitlab.project): Proposals {
  return createProposals({ forge: "gitlab", apiUrl: `${gitlab.apiUrl}/`, repository, token, clock: new FakeClock() });
}

proposalsContract("a strict GitLab", async () => {
  const gitlab = await GitlabServer.start();
  const glu = gitlab.user("project_3_bot_glu", "developer");
  const ada = gitlab.user("ada", "developer");
  gitlab.user("bob", "developer");
  const as = <T>(method: string, path: string, body?: Record<string, unknown>) =>
    gitlab.api<T>(ada, method, `${project(gitlab)}${path}`, body);
  let commits = 0;
  return {
    proposals: proposalsOf(gitlab, glu.token),
    base: "refs/heads/main" as RefName,
    people: ["ada", "bob"],
    push: async (branch) => {
      const isThere = gitlab.repository.git("for-each-ref", branch) !== "";
      if (!isThere) gitlab.repository.git("update-ref", branch, "refs/heads/main");
      return gitlab.repository.push(shortRef(branch), { [`file-${++commits}`]: "x" });
    },
    merge: async (number) => void (await as("PUT", `/${number}/merge`, { squash: true })),
    removeBranch: async (branch) => void gitlab.repository.git("update-ref", "-d", branch),
    requireStatus: async () => {
      gitlab.requests.pipelinesMustSucceed = true;
    },
    pass: async (number) => gitlab.requests.pass(number),
    close: async (number) => void (await as("PUT", `/${number}`, { state_event: "close" })),
    openAsOther: async ({ branch, base }, description) => {
      const place = { source_branch: shortRef(branch), target_branch: shortRef(base) };
      return (await as<{ iid: number }>("POST", "", { ...place, title: "x", description })).iid;
    },
    seen: async (number) => {
      const one = await as<MergeRequest>("GET", `/${number}`);
      const notes = await as<{ body: string }[]>("GET", `/${number}/notes?sort=asc`);
      return {
        title: one.title.replace(/^Draft: /, ""),
        body: one.description,
        draft: one.draft,
        labels: one.labels,
        assignees: one.assignees.map(({ username }) => username),
        reviewers: one.reviewers.map(({ username }) => username),
        comments: notes.map(({ body }) => body),
      };
    },
    [Symbol.asyncDispose]: async () => {
      expect(gitlab.unmodelled).toEqual([]);
      expect(gitlab.requests.commands).toEqual([]);
      await gitlab[Symbol.asyncDispose]();
    },
  };
});

interface MergeRequest {
  title: string;
  description: string;
  draft: boolean;
  labels: string[];
  assignees: { username: string }[];
  reviewers: { username: string }[];
}

describe("proposals on GitLab", () => {
  let gitlab: GitlabServer;
  let glu: GitlabUser;
  let count = 0;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
    glu = gitlab.user("glu", "developer");
  });
  afterAll(() => gitlab[Symbol.asyncDispose]());

  const text = { title: "Promote web", body: "The plan." };
  const plain = { draft: false, labels: [], reviewers: [], assignees: [] };
  const pushed = () => {
    const branch = `refs/heads/glu/production/web-${++count}` as RefName;
    gitlab.repository.git("update-ref", branch, "refs/heads/main");
    gitlab.repository.push(shortRef(branch), { [`web-${count}`]: "x" });
    return { branch, base: "refs/heads/main" as RefName };
  };

  it("says which token is needed when it is a job's, and asks nothing", async () => {
    for (const token of ["glcbt-64_abc", "glptt-abc"]) {
      const asked = gitlab.calls.length;
      const proposals = proposalsOf(gitlab, token);
      const all = [
        () => proposals.of(pushed()),
        () => proposals.open(pushed(), text, plain),
        () => proposals.update(1, text),
        () => proposals.close(1, "Why."),
      ];
      for (const one of all) {
        await expect(one()).rejects.toMatchObject({
          code: "proposal/job-token",
          fix: expect.stringMatching(/project access token of acme\/team\/config.*Developer.*'api'.*GLU_TOKEN/),
        });
      }
      expect(gitlab.calls).toHaveLength(asked);
    }
  });

  it("tells the role and the scope that a token lacks", async () => {
    const cases = [
      ["glpat-unknown", "proposal/unauthorised", /^401/],
      [gitlab.user("reporter", "reporter").token, "proposal/forbidden", /^403: 403 Forbidden/],
      [gitlab.user("reader", "developer", "read_api").token, "proposal/forbidden", /insufficient_scope/],
      [gitlab.user("stranger").token, "proposal/not-found", /404 Project Not Found/],
    ] as const;
    for (const [token, code, seen] of cases) {
      const open = proposalsOf(gitlab, token).open(pushed(), text, plain);
      await expect(open).rejects.toMatchObject({
        code,
        seen: expect.stringMatching(seen),
        fix: expect.stringMatching(/role Developer and the scopes 'api'/),
      });
    }
  });

  it("names a reviewer or assignee whom GitLab does not know, and opens nothing", async () => {
    const place = pushed();
    for (const settings of [{ reviewers: ["nobody"] }, { assignees: ["GLU", "acme/sre"] }]) {
      const name = Object.values(settings)[0]?.at(-1);
      const open = proposalsOf(gitlab, glu.token).open(place, text, { ...plain, ...settings });
      await expect(open).rejects.toMatchObject({
        code: "proposal/unknown-user",
        message: expect.stringContaining(`"${name}"`),
        fix: expect.any(String),
      });
    }
    expect(await proposalsOf(gitlab, glu.token).of(place)).toEqual([]);
  });

  it("lets GitLab remove the branch when it is merged", async () => {
    const place = pushed();
    const { number } = await proposalsOf(gitlab, glu.token).open(place, text, plain);
    await gitlab.api(glu, "PUT", `${project(gitlab)}/${number}/merge`, {});
    expect(gitlab.repository.git("for-each-ref", place.branch)).toBe("");
    expect(gitlab.repository.git("log", "-1", "--format=%P", "main").split(" ")).toHaveLength(2);
  });

  it("says that somebody else has one of the branch, and leaves it alone", async () => {
    const place = pushed();
    const other = gitlab.user("other", "developer");
    const { number } = await proposalsOf(gitlab, other.token).open(place, { ...text, title: "Mine" }, plain);
    await expect(proposalsOf(gitlab, glu.token).open(place, text, plain)).rejects.toMatchObject({
      code: "proposal/invalid",
      seen: expect.stringContaining(`already exists for this source branch: !${number}`),
      fix: expect.stringContaining("Somebody else"),
    });
    expect(gitlab.requests.all.at(number - 1)?.title).toBe("Mine");
  });

  it("shortens a title that GitLab would refuse, by whole characters", async () => {
    const { number } = await proposalsOf(gitlab, glu.token).open(
      pushed(),
      { ...text, title: "🚀".repeat(300) },
      { ...plain, draft: true },
    );
    expect(gitlab.requests.all.at(number - 1)?.title).toBe(`Draft: ${"🚀".repeat(247)}…`);
  });

  it("finds its own among more than a page", async () => {
    const place = pushed();
    const proposals = proposalsOf(gitlab, glu.token);
    for (let closed = 0; closed < 101; closed++) {
      const { number } = await proposals.open(place, text, plain);
      await gitlab.api(glu, "PUT", `${project(gitlab)}/${number}`, { state_event: "close" });
    }
    const found = await proposals.of(place);
    expect(found).toHaveLength(101);
    expect(found.map(({ number }) => number)).toEqual(found.map(({ number }) => number).sort((a, b) => b - a));
  });

  it("stays a draft until people say that it is ready", async () => {
    const proposals = proposalsOf(gitlab, glu.token);
    const { number } = await proposals.open(pushed(), text, { ...plain, draft: true });
    await gitlab.api(glu, "PUT", `${project(gitlab)}/${number}`, { title: "Ready" });
    await proposals.update(number, { ...text, title: "Newer" });
    expect(gitlab.requests.all.at(number - 1)?.title).toBe("Newer");
  });
});

import { approvalsContract, FakeClock, type Fault, GitlabServer, type GitlabUser } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApprovals } from "./create-approvals.ts";

const never = new AbortController().signal;
let count = 0;

const approvalsOf = (gitlab: GitlabServer, token: string, own: { run?: string; job?: string } = {}) =>
  createApprovals(
    { forge: "gitlab", apiUrl: `${gitlab.apiUrl}/`, repository: gitlab.project, token, clock: new FakeClock() },
    { run: own.run, job: own.job },
  );

function peopleAt(gitlab: GitlabServer) {
  const users = new Map(["ada", "bob", "carol"].map((name) => [name, gitlab.user(name, "developer")]));
  const user = (name: string): GitlabUser => {
    const found = users.get(name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
  const commitTo = (branch: string, writer?: string) => {
    const commit = gitlab.repository.push(branch, { [`file-${++count}`]: "x" });
    if (writer !== undefined) gitlab.approvals.writers.set(commit, writer);
    return commit;
  };
  const branchOf = (iid: number) => gitlab.requests.all.find((one) => one.iid === iid)?.source ?? "";
  // GitLab tells milliseconds, and a person needs some.
  const wait = () => new Promise((resolve) => setTimeout(resolve, 3));
  return {
    user,
    propose: async () => {
      const branch = `change-${++count}`;
      gitlab.repository.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
      const head = commitTo(branch, "ada");
      const body = { source_branch: branch, target_branch: "main", title: "x" };
      const { iid } = await gitlab.api<{ iid: number }>(user("ada"), "POST", at, body);
      await gitlab.api(user("ada"), "GET", `${at}/${iid}/versions`);
      await wait();
      return { number: iid, head };
    },
    push: async (number: number) => {
      const head = commitTo(branchOf(number), "ada");
      await wait();
      // GitLab sees a push when it comes.
      await gitlab.api(user("ada"), "GET", `${at}/${number}/versions`);
      await wait();
      return head;
    },
    pushAsStranger: async (number: number) => commitTo(branchOf(number)),
    pushToMain: async () => commitTo("main", "ada"),
    review: async (number: number, by: string, said: "approve" | "reject" | "comment") => {
      if (said === "reject") return gitlab.approvals.wantChanges(number, user(by));
      if (said === "approve") return void (await gitlab.api(user(by), "POST", `${at}/${number}/approve`, {}));
      await gitlab.api(user(by), "POST", `${at}/${number}/notes`, { body: "Well." });
    },
    merge: async (number: number) => {
      const merged = await gitlab.api<{ squash_commit_sha: string }>(user("ada"), "PUT", `${at}/${number}/merge`, {
        squash: true,
      });
      return merged.squash_commit_sha;
    },
  };
}

for (const tellsTime of [true, false]) {
  approvalsContract(`a strict GitLab that tells ${tellsTime ? "when" : "in a note when"} it was approved`, async () => {
    const gitlab = await GitlabServer.start();
    gitlab.approvals.tellsTime = tellsTime;
    const people = peopleAt(gitlab);
    return {
      ...people,
      approvals: approvalsOf(gitlab, gitlab.user("glu", "reporter", "read_api").token),
      repository: gitlab.project,
      people: { ada: "ada", bob: "bob", carol: "carol" },
      [Symbol.asyncDispose]: async () => {
        expect(gitlab.unmodelled).toEqual([]);
        await gitlab[Symbol.asyncDispose]();
      },
    };
  });
}

describe("approvals of GitLab", () => {
  let gitlab: GitlabServer;
  let people: ReturnType<typeof peopleAt>;
  let token: string;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
    people = peopleAt(gitlab);
    token = gitlab.user("glu", "reporter", "read_api").token;
  });
  afterAll(async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  });

  it("of a job are those of its deployment, with who started it", async () => {
    const [ada, bob, carol] = ["ada", "bob", "carol"].map(people.user) as [GitlabUser, GitlabUser, GitlabUser];
    const at = "2026-11-28T08:00:00.000Z";
    const approvals = [
      { user: bob, status: "approved" as const, at },
      { user: carol, status: "rejected" as const, at },
    ];
    gitlab.deployments.ofJob("production", ada, { job: { id: 50, pipeline: 9, user: ada }, approvals, at });
    gitlab.deployments.ofJob("production", ada, { job: { id: 51, pipeline: 10, user: bob }, approvals: [], at });
    const of = (own: { run?: string; job?: string }) => approvalsOf(gitlab, token, own).ofRun("production", never);
    expect(await of({ run: "9", job: "50" })).toMatchObject({
      verdicts: [{ by: "bob", said: "approved", current: true, at }],
      startedBy: ["ada"],
      startedAt: at,
      id: "9",
    });
    expect(await of({ run: "10", job: "51" })).toMatchObject({ verdicts: [], startedBy: ["ada", "bob"] });
    await expect(of({ run: "9", job: "52" })).rejects.toMatchObject({
      code: "approval/no-run",
      fix: expect.stringContaining("environment: production"),
    });
    await expect(of({})).rejects.toMatchObject({ code: "approval/no-run" });
    gitlab.deployments.ofJob("production", ada, { job: { id: 53, pipeline: 11, user: ada } });
    await expect(of({ run: "11", job: "53" })).rejects.toMatchObject({ fix: expect.stringContaining("Premium") });
  });

  it("know who merged as one who made it", async () => {
    const { number } = await people.propose();
    const path = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${number}/merge`;
    const merged = await gitlab.api<{ merge_commit_sha: string }>(people.user("bob"), "PUT", path, {});
    const commit = merged.merge_commit_sha;
    const authors = await approvalsOf(gitlab, token).authors({ repository: gitlab.project, commit }, never);
    expect([...authors.people].sort()).toEqual(["ada", "bob"]);
  });

  it("say which token is needed, and ask nothing with one that cannot do", async () => {
    const asked = gitlab.calls.length;
    const proposal = { repository: gitlab.project, number: 1, head: "1".repeat(40) };
    for (const job of ["glcbt-64_abc", "glptt-abc"]) {
      await expect(approvalsOf(gitlab, job).ofProposal(proposal, never)).rejects.toMatchObject({
        kind: "outside",
        code: "approval/job-token",
        fix: expect.stringMatching(/'read_api'.*Reporter.*GLU_TOKEN/),
      });
    }
    expect(gitlab.calls).toHaveLength(asked);
    for (const [wrong, code] of [
      ["glpat-unknown", "approval/unauthorised"],
      [gitlab.user("stranger").token, "approval/not-found"],
      ["", "approval/no-token"],
    ] as const) {
      const refused = approvalsOf(gitlab, wrong).ofProposal(proposal, never);
      await expect(refused).rejects.toMatchObject({ kind: "outside", code, fix: expect.any(String) });
    }
  });

  it("are never made up where an answer is none", async () => {
    const { number, head } = await people.propose();
    await people.review(number, "bob", "approve");
    const commit = await people.merge(number);
    const approvals = approvalsOf(gitlab, token);
    const proposal = { repository: gitlab.project, number, head };
    const source = { repository: gitlab.project, commit };
    const questions = [
      ["approvals", () => approvals.ofProposal(proposal, never)],
      ["versions", () => approvals.ofProposal(proposal, never)],
      ["reviewers", () => approvals.ofProposal(proposal, never)],
      ["merge_requests", () => approvals.ofSource(source, never)],
      ["merge_requests", () => approvals.authors(source, never)],
      ["graphql", () => approvals.authors(source, never)],
    ] as const;
    for (const [route, ask] of questions) {
      const right = await ask();
      const faults: Fault[] = [401, 403, 404, 409, 422, 429, 500, 503].map((status) => ({ kind: "status", status }));
      for (const fault of [...faults, { kind: "truncated" } as const, { kind: "garbled" } as const]) {
        let left = 1;
        gitlab.fault = (call) =>
          call.route.endsWith(route) && left-- > 0 ? { fault, carriedOut: fault.kind !== "status" } : undefined;
        const isPassing =
          fault.kind === "truncated" || (fault.kind === "status" && (fault.status === 429 || fault.status >= 500));
        if (isPassing) await expect(ask()).resolves.toEqual(right);
        else await expect(ask()).rejects.toMatchObject({ kind: "outside" });
        expect(left).toBeLessThan(1);
      }
      gitlab.fault = undefined;
    }
  });
});

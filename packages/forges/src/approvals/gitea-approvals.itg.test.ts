import { approvalsContract, GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApprovals } from "./create-approvals.ts";

// The real Gitea.
let gitea: GiteaServer;
const people = new Map<string, GiteaUser>();
let count = 0;
const never = new AbortController().signal;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  for (const name of ["ada", "bob", "carol", "eve"]) people.set(name, await gitea.user(name));
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const approvalsOf = (repository: string) =>
  createApprovals(
    { forge: "gitea", apiUrl: gitea.apiUrl, repository, token: people.get("bob")?.token, clock: realClock },
    { run: "1" },
  );

const as = <T>(name: string, method: string, path: string, body?: unknown) => {
  const user = people.get(name);
  if (user === undefined) throw new Error(name);
  return gitea.api<T>(user, method, path, body);
};

async function repository() {
  const name = `web-${++count}`;
  const ada = people.get("ada");
  if (ada === undefined) throw new Error("ada");
  await gitea.repository(ada, name, { "README.md": "Web\n" });
  const at = `/repos/ada/${name}`;
  for (const person of ["bob", "carol"])
    await as("ada", "PUT", `${at}/collaborators/${person}`, { permission: "write" });
  const commitTo = async (to: object, more: object = {}) => {
    const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
    const made = await as<{ commit: { sha: string } }>("ada", "POST", `${at}/contents`, {
      message: "Change",
      files,
      ...to,
      ...more,
    });
    return made.commit.sha;
  };
  const branches = new Map<number, string>();
  const events = { approve: "APPROVED", reject: "REQUEST_CHANGES", comment: "COMMENT" };
  return {
    repository: `ada/${name}`,
    propose: async () => {
      const branch = `change-${++count}`;
      const head = await commitTo({ branch: "main", new_branch: branch });
      const pull = { head: branch, base: "main", title: "x" };
      const { number } = await as<{ number: number }>("ada", "POST", `${at}/pulls`, pull);
      branches.set(number, branch);
      return { number, head };
    },
    push: (number: number) => commitTo({ branch: branches.get(number) }),
    pushAsStranger: (number: number) => {
      const author = { name: "Mallory", email: "mallory@elsewhere.example" };
      return commitTo({ branch: branches.get(number) }, { author, committer: author });
    },
    pushToMain: () => commitTo({ branch: "main" }),
    review: async (number: number, by: string, said: keyof typeof events) => {
      await as(by, "POST", `${at}/pulls/${number}/reviews`, { event: events[said], body: "Well." });
    },
    merge: async (number: number, by = "ada") => {
      await as(by, "POST", `${at}/pulls/${number}/merge`, { Do: "squash" });
      return (await as<{ merge_commit_sha: string }>("bob", "GET", `${at}/pulls/${number}`)).merge_commit_sha;
    },
  };
}

approvalsContract("a real Gitea", async () => {
  const made = await repository();
  return {
    ...made,
    approvals: approvalsOf(made.repository),
    people: { ada: "ada", bob: "bob", carol: "carol" },
    [Symbol.asyncDispose]: async () => {},
  };
});

it("a review by who may not write does not count on a real Gitea, nor one that was dismissed", async () => {
  const { repository: name, propose, review } = await repository();
  const { number, head } = await propose();
  await review(number, "eve", "approve");
  await review(number, "bob", "approve");
  const proposal = { repository: name, number, head };
  const approvals = approvalsOf(name);
  expect((await approvals.ofProposal(proposal, never)).verdicts).toEqual([
    { by: "bob", said: "approved", current: true },
  ]);
  const reviews = await as<{ id: number; user: { login: string } }[]>(
    "ada",
    "GET",
    `/repos/${name}/pulls/${number}/reviews`,
  );
  const own = reviews.find(({ user }) => user.login === "bob");
  await as("ada", "POST", `/repos/${name}/pulls/${number}/reviews/${own?.id}/dismissals`, { message: "Too old" });
  expect((await approvals.ofProposal(proposal, never)).verdicts).toEqual([]);
});

it("who merged it on a real Gitea counts as one who made it: it could have been merged elsewhere, and pushed", async () => {
  const { repository: name, propose, merge } = await repository();
  const { number } = await propose();
  const commit = await merge(number, "bob");
  const { people: made } = await approvalsOf(name).authors({ repository: name, commit }, never);
  expect([...made].sort()).toEqual(["ada", "bob"]);
});

it("a run of Gitea has no approvals, and the way that there is is told", async () => {
  await expect(approvalsOf("ada/web").ofRun("production", never)).rejects.toMatchObject({
    code: "approval/no-run",
    fix: expect.stringContaining("by: proposal"),
  });
});

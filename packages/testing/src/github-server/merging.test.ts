import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GithubServer } from "./github-server.ts";
import type { GithubRepository } from "./state.ts";

// The strict GitHub refuses what the real one refuses, in its words.
let github: GithubServer;
let repository: GithubRepository;
let count = 0;

beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  repository = github.repository(`acme/config-${++count}`, { "a.yaml": "tag: 1\n", "b.yaml": "tag: 1\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

type Answer = { status: number; body: Record<string, unknown> & { message?: string; errors?: { message: string }[] } };
async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${github.token("ada")}`,
      "user-agent": "test",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** Two commits on a branch, and a pull request of it. */
async function proposed(more: Record<string, unknown> = {}): Promise<string> {
  const branch = `change-${++count}`;
  repository.git.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
  repository.git.push(branch, { "a.yaml": "tag: 2\n" }, "First\n\nGlu-App: web\n");
  repository.git.push(branch, { "c.yaml": "tag: 2\n" }, "Second\n");
  expect(await ask("POST", "/pulls", { head: branch, base: "main", title: "Promote", ...more })).toMatchObject({
    status: 201,
  });
  return branch;
}
const merge = (method = "merge", more: Record<string, unknown> = {}) =>
  ask("PUT", "/pulls/1/merge", { merge_method: method, ...more });
const log = (format: string) => repository.git.git("log", `--format=${format}`, "main").split("\n");
const file = (name: string) => repository.git.git("show", `main:${name}`);

describe("a pull request of the strict GitHub is merged", () => {
  it.each([
    ["merge", ["Merge pull request #1", "Second", "First", "By somebody else", "Begin"]],
    ["squash", ["Promote (#1)", "By somebody else", "Begin"]],
    ["rebase", ["Second", "First", "By somebody else", "Begin"]],
  ])("by %s, onto what has come meanwhile", async (method, subjects) => {
    const branch = await proposed();
    repository.git.push("main", { "b.yaml": "tag: 7\n" });
    const done = await merge(method);
    expect(done).toMatchObject({ status: 200, body: { merged: true, sha: repository.tip("main") } });
    expect(
      log("%s")
        .map((line) => line.replace(/(#1) from .*/, "$1"))
        .sort(),
    ).toEqual([...subjects].sort());
    expect([file("a.yaml"), file("b.yaml"), file("c.yaml")]).toEqual(["tag: 2", "tag: 7", "tag: 2"]);
    const parents = repository.git.git("log", "-1", "--format=%P", "main").split(" ");
    expect(parents).toHaveLength(method === "merge" ? 2 : 1);
    // A rebase makes commits of its own, and keeps what they say and who wrote them.
    const kept = repository.git.git("merge-base", "--is-ancestor", branch, method === "merge" ? "main" : branch);
    expect(kept).toBe("");
    if (method === "rebase") expect(log("%an %b")[1]).toBe("Seed Glu-App: web");
    expect((await ask("GET", "/pulls/1")).body).toMatchObject({ merged: true, state: "closed" });
  });

  it("by who pushes its commits to the base", async () => {
    const branch = await proposed();
    repository.git.git("update-ref", "refs/heads/main", `refs/heads/${branch}`);
    expect((await ask("GET", "/pulls/1")).body).toMatchObject({ merged: true, state: "closed" });
  });
});

describe("a pull request of the strict GitHub is not merged", () => {
  it.each(["merge", "squash", "rebase"])("by %s where it conflicts", async (method) => {
    await proposed();
    repository.git.push("main", { "a.yaml": "tag: 7\n" });
    const before = repository.tip("main");
    expect(await merge(method)).toMatchObject({ status: 405, body: { message: "Pull Request has merge conflicts" } });
    expect(repository.tip("main")).toBe(before);
    expect((await ask("GET", "/pulls/1")).body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  });

  it("while it is a draft, by a method that is not allowed, at another head, past a required status or a queue", async () => {
    const branch = await proposed({ draft: true });
    const [pull] = repository.pulls;
    expect(await merge()).toMatchObject({ status: 405, body: { message: "Pull Request is still a draft" } });
    Object.assign(pull ?? {}, { draft: false });
    repository.mergeMethods = ["SQUASH"];
    const why = "Rebase merges are not allowed on this repository.";
    expect(await merge("rebase")).toMatchObject({ status: 405, body: { message: why } });
    const other = await merge("squash", { sha: repository.tip("main") });
    expect(other).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("Head branch was modified") },
    });
    repository.required.add("glu/production");
    const required = 'Required status check "glu/production" is expected.';
    expect(await merge("squash")).toMatchObject({ status: 405, body: { message: required } });
    repository.pass(repository.tip(branch) ?? "", "glu/production");
    repository.mergeQueue = true;
    const queue = expect.stringContaining("through the merge queue");
    expect(await merge("squash")).toMatchObject({ status: 405, body: { message: queue } });
    repository.mergeQueue = false;
    expect(await merge("squash")).toMatchObject({ status: 200 });
    expect(await merge("squash")).toMatchObject({ status: 405, body: { message: "Pull Request is not mergeable" } });
  });
});

describe("a pull request of the strict GitHub", () => {
  it("is closed when its branch is gone, and opened again only when that is back", async () => {
    const branch = await proposed();
    const head = repository.tip(branch) ?? "";
    repository.git.git("update-ref", "-d", `refs/heads/${branch}`);
    expect((await ask("GET", "/pulls")).body).toEqual([]);
    const reopened = () => ask("PATCH", "/pulls/1", { state: "open" });
    const why = `state cannot be changed. The ${branch} branch has been deleted.`;
    expect(await reopened()).toMatchObject({ status: 422, body: { errors: [{ message: why }] } });
    repository.git.git("update-ref", `refs/heads/${branch}`, head);
    expect(await reopened()).toMatchObject({ status: 200, body: { state: "open" } });
  });

  it.each<[string, string, string, unknown, string]>([
    ["a second one", "POST", "/pulls", { head: "change", base: "main", title: "x" }, "A pull request already exists"],
    ["a long title", "PATCH", "/pulls/1", { title: "x".repeat(257) }, "title is too long"],
    ["a long body", "PATCH", "/pulls/1", { body: "x".repeat(65_537) }, "body is too long"],
    ["a long comment", "POST", "/issues/1/comments", { body: "x".repeat(65_537) }, "Body is too long"],
    ["an empty comment", "POST", "/issues/1/comments", { body: " " }, "Body cannot be blank"],
    ["a long label", "POST", "/issues/1/labels", { labels: ["x".repeat(51)] }, "name is too long"],
    ["a long description", "POST", "/statuses/sha", { state: "success", description: "x".repeat(141) }, "140"],
    ["a long context", "POST", "/statuses/sha", { state: "success", context: "x".repeat(256) }, "255"],
    ["a link that is none", "POST", "/statuses/sha", { state: "success", target_url: "ftp://x" }, "http(s)"],
  ])("takes no %s", async (_, method, path, body, words) => {
    const branch = await proposed();
    const at = path.replace("sha", repository.tip(branch) ?? "");
    const given = JSON.parse(JSON.stringify(body).replace('"change"', `"${branch}"`));
    const answer = await ask(method, at, given);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map(({ message }) => message).join()).toContain(words);
  });
});

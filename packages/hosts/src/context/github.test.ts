import { GluError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentIn } from "./comment.ts";
import { githubEvents } from "./events.ts";
import { readCiContext } from "./read.ts";

const sha = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
const head = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const merge = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

const env = {
  GITHUB_ACTIONS: "true",
  GITHUB_EVENT_PATH: "/event.json",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REPOSITORY: "acme/frontend",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_SHA: sha,
  GITHUB_REF: "refs/heads/main",
  GITHUB_ACTOR: "hubot",
  GITHUB_RUN_ID: "1658821493",
  GITHUB_RUN_NUMBER: "42",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_WORKFLOW: "Deliver",
  GITHUB_WORKFLOW_REF: "acme/frontend/.github/workflows/deliver.yml@refs/heads/main",
  GITHUB_JOB: "build",
  GITHUB_TOKEN: "ghs_secret",
  SOME_PASSWORD: "secret",
};

const sender = { login: "octocat", id: 583231, type: "User" };
const repository = { full_name: "acme/frontend", default_branch: "main" };
const push = {
  ref: "refs/heads/main",
  before: "0".repeat(40),
  after: sha,
  deleted: false,
  head_commit: {
    id: sha,
    message: "feat: greet\n\nmore",
    author: { name: "The Octocat", email: "octocat@github.com", username: "octocat" },
    committer: { name: "GitHub", email: "noreply@github.com" },
  },
  repository,
  sender,
};
const pullRequest = {
  action: "synchronize",
  number: 7,
  pull_request: {
    html_url: "https://github.com/acme/frontend/pull/7",
    merge_commit_sha: merge,
    head: { ref: "feature/x", sha: head, repo: { full_name: "acme/frontend" } },
    base: { ref: "main", sha, repo: { full_name: "acme/frontend" } },
  },
  repository,
  sender,
};

const read = (payload: unknown, more: Record<string, string> = {}, matrix?: string) =>
  readCiContext({ ...env, ...more }, (path) => (path === "/event.json" ? JSON.stringify(payload) : undefined), {
    matrix,
  });

describe("GitHub's events", () => {
  it("a push tells where its branch was before, unless the branch is new; no other event does", () => {
    expect(read({ ...push, before: head }).before).toBe(head);
    for (const before of ["0".repeat(40), "--upload-pack=x", 7, undefined]) {
      expect(read({ ...push, before })).not.toHaveProperty("before");
    }
    const ofTag = { GITHUB_REF: "refs/tags/v1" };
    expect(read({ ...push, before: head }, ofTag)).not.toHaveProperty("before");
    expect(read({ ...pullRequest, before: head }, { GITHUB_EVENT_NAME: "pull_request" })).not.toHaveProperty("before");
  });

  it("a push of a branch carries its commit", () => {
    const context = read(push);
    expect(context).toMatchObject({ host: "github", event: "push", repository: "acme/frontend", fork: false });
    expect(context.version).toEqual({
      repositoryName: "acme/frontend",
      event: "push",
      sha,
      branch: "main",
      message: "feat: greet\n\nmore",
      authorName: "The Octocat",
      authorEmail: "octocat@github.com",
      committerName: "GitHub",
      committerEmail: "noreply@github.com",
      url: `https://github.com/acme/frontend/commit/${sha}`,
    });
  });

  it("a push of a tag is a tag, and an annotated tag's object is not its commit", () => {
    const payload = { ...push, ref: "refs/tags/v1.2.3", after: merge, base_ref: "refs/heads/main" };
    const { event, version } = read(payload, { GITHUB_REF: "refs/tags/v1.2.3" });
    expect(event).toBe("tag");
    expect(version).toMatchObject({ tag: "v1.2.3", sha });
    expect(version).not.toHaveProperty("branch");
  });

  it("a push that deletes is ignored and says why", () => {
    const context = read({ ...push, after: "0".repeat(40), deleted: true, head_commit: null });
    expect(context).toMatchObject({ event: undefined, version: {}, ignored: expect.stringContaining("deleted") });
  });

  it.each(["pull_request", "pull_request_target"])("%s is the head's commit, never the merge's", (name) => {
    const merged = { GITHUB_EVENT_NAME: name, GITHUB_SHA: merge, GITHUB_REF: "refs/pull/7/merge" };
    const { event, version, fork } = read(pullRequest, merged);
    expect([event, fork]).toEqual(["pr", false]);
    expect(version).toEqual({
      repositoryName: "acme/frontend",
      event: "pr",
      sha: head,
      branch: "feature/x",
      sourceBranch: "feature/x",
      targetBranch: "main",
      url: "https://github.com/acme/frontend/pull/7",
    });
  });

  it("a pull request says which commit is to be merged, by the ref that the repository has of it, into what", () => {
    const { merging } = read({ ...pullRequest, number: 7 }, { GITHUB_EVENT_NAME: "pull_request" });
    expect(merging).toEqual({
      ref: "refs/pull/7/head",
      commit: head,
      into: "refs/heads/main",
      branch: "refs/heads/feature/x",
    });
    const elsewhere = { ...pullRequest.pull_request, head: { ...pullRequest.pull_request.head, repo: null } };
    const forked = read({ number: 7, pull_request: elsewhere }, { GITHUB_EVENT_NAME: "pull_request" });
    expect(forked.merging).toMatchObject({ commit: head, branch: undefined });
  });

  it("a pull request says what happened to it and when, by the forge's clock", () => {
    const sent = {
      ...pullRequest.pull_request,
      ...{ state: "closed", user: { login: "grace" }, labels: [{ name: "preview" }, { name: "a\nb" }, {}] },
      ...{ updated_at: "2026-11-21T07:00:01Z", closed_at: "2026-11-21T07:00:00Z" },
    };
    const payload = { action: "unlabeled", number: 7, pull_request: sent, label: { name: "bug" } };
    expect(read(payload, { GITHUB_EVENT_NAME: "pull_request_target" }).pull).toEqual({
      ...{ number: 7, action: "unlabeled", isOpen: false, head, author: "grace", branch: "feature/x" },
      ...{ labels: ["preview"], label: "bug", isOwnTime: true },
      updatedAt: Date.UTC(2026, 10, 21, 7, 0, 1),
      closedAt: Date.UTC(2026, 10, 21, 7),
    });
    const odd = { number: 7, pull_request: { ...sent, updated_at: "soon", closed_at: 7, labels: "preview" } };
    expect(read(odd, { GITHUB_EVENT_NAME: "pull_request" }).pull).toMatchObject({
      ...{ labels: [], updatedAt: undefined, closedAt: undefined, action: undefined },
    });
    expect(read({ pull_request: sent }, { GITHUB_EVENT_NAME: "pull_request" }).pull).toBeUndefined();
    expect(read(push).pull).toBeUndefined();
  });

  it("a merge queue says which commit it has built, and it makes no artifact", () => {
    const merge_group = {
      head_sha: merge,
      head_ref: "refs/heads/gh-readonly-queue/main/pr-7-0123",
      base_sha: sha,
      base_ref: "refs/heads/main",
    };
    const context = read({ action: "checks_requested", merge_group, sender }, { GITHUB_EVENT_NAME: "merge_group" });
    expect(context).toMatchObject({ event: undefined, ignored: expect.stringContaining("may never land") });
    expect(context.merging).toEqual({
      ref: merge_group.head_ref,
      commit: merge,
      into: "refs/heads/main",
      branch: undefined,
    });
    const odd = { ...merge_group, base_ref: "-x" };
    expect(read({ merge_group: odd }, { GITHUB_EVENT_NAME: "merge_group" })).not.toHaveProperty("merging");
    expect(read({ merge_group: { head_sha: "x" } }, { GITHUB_EVENT_NAME: "merge_group" })).not.toHaveProperty(
      "merging",
    );
  });

  it("a pull request without a payload has no commit, rather than the merge's", () => {
    const { version } = read({}, { GITHUB_EVENT_NAME: "pull_request", GITHUB_SHA: merge });
    expect(version).not.toHaveProperty("sha");
  });

  it.each([{ repo: { full_name: "mallory/frontend" } }, { repo: null }])("a head in %j is a fork's", (where) => {
    const request = { ...pullRequest.pull_request, head: { ...pullRequest.pull_request.head, ...where } };
    expect(read({ ...pullRequest, pull_request: request }, { GITHUB_EVENT_NAME: "pull_request" }).fork).toBe(true);
  });

  it("a published release is one, of its tag", () => {
    const payload = { action: "published", release: { tag_name: "v2.0.0", target_commitish: "main" }, sender };
    const more = { GITHUB_EVENT_NAME: "release", GITHUB_REF: "refs/tags/v2.0.0" };
    expect(read(payload, more)).toMatchObject({ event: "release", version: { tag: "v2.0.0", sha } });
  });

  it.each(["created", "released", "prereleased", "edited", "deleted", "unpublished"])(
    "a release that was %s is ignored",
    (action) => {
      const context = read({ action, release: { tag_name: "v2.0.0" } }, { GITHUB_EVENT_NAME: "release" });
      expect(context).toMatchObject({ event: undefined, ignored: expect.stringContaining(action) });
    },
  );

  it.each([
    ["workflow_dispatch", "manual"],
    ["repository_dispatch", "request"],
    ["schedule", "schedule"],
  ])("%s is %s, at the tip of its branch", (name, event) => {
    const context = read({ sender, inputs: { app: "frontend" } }, { GITHUB_EVENT_NAME: name });
    expect(context).toMatchObject({ event, version: { sha, branch: "main", event } });
  });

  it("tells which branch was deleted, and of no tag", () => {
    const deleted = (ref: string, ref_type: string) => read({ ref, ref_type, sender }, { GITHUB_EVENT_NAME: "delete" });
    expect(deleted("feature/x", "branch")).toMatchObject({ event: undefined, goneBranch: "feature/x" });
    expect(deleted("v1", "tag")).not.toHaveProperty("goneBranch");
  });

  it.each(["merge_group", "workflow_run", "delete", "issue_comment", "", "constructor", "__proto__"])(
    "%j is ignored with a notice, never taken for a push",
    (name) => {
      const context = read({ sender }, { GITHUB_EVENT_NAME: name });
      expect(context).toMatchObject({ event: undefined, version: {}, hostEvent: name });
      expect(context.ignored).toMatch(/./);
    },
  );
});

describe("a comment", () => {
  const said = {
    ...{ action: "created", sender },
    issue: { number: 7, pull_request: { url: "https://api.github.com/x" }, updated_at: "2026-11-28T08:00:01Z" },
    comment: { id: 99, body: "/preview up", created_at: "2026-11-28T08:00:00Z", user: { login: "octocat" } },
  };
  const of = (payload: unknown) => commentIn(read(payload, { GITHUB_EVENT_NAME: "issue_comment" }).comment);
  const comment = {
    ...{ id: 99, pull: 7, action: "created", author: "octocat", body: "/preview up" },
    ...{ createdAt: Date.UTC(2026, 10, 28, 8), pullUpdatedAt: Date.UTC(2026, 10, 28, 8, 0, 1) },
  };

  it("says who wrote what, when, and on which pull request", () => {
    expect(of(said)).toEqual(comment);
    const onGitea = { ...said, is_pull: true, issue: { number: 7, updated_at: "2026-11-28T08:00:01Z" } };
    expect(of(onGitea)).toEqual(comment);
    expect(read(said, { GITHUB_EVENT_NAME: "pull_request" }).comment).toBeUndefined();
  });

  it("on an issue is on no pull request", () => {
    expect(of({ ...said, issue: { number: 7 } })).toMatchObject({ pull: undefined });
    expect(of({ ...said, issue: { number: 7, pull_request: null }, is_pull: "true" })).toMatchObject({
      pull: undefined,
    });
  });

  it.each([
    ["nothing", {}],
    ["nobody", { ...said, comment: { ...said.comment, user: null } }],
    ["a name of two lines", { ...said, comment: { ...said.comment, user: { login: "a\nb" } } }],
    ["no time", { ...said, comment: { ...said.comment, created_at: "yesterday" } }],
    ["no number", { ...said, issue: { ...said.issue, number: "7; x" } }],
    ["a list", []],
  ])("that names %s is unreadable", (_, payload) => expect(of(payload)).toBeUndefined());
});

describe("who asks", () => {
  const again = { GITHUB_RUN_ATTEMPT: "2", GITHUB_TRIGGERING_ACTOR: "hubot" };

  it("is the sender at first, and when it is run again on GitHub who did that", () => {
    expect(read(push, { ...again, GITHUB_RUN_ATTEMPT: "1" }).actor).toEqual({ name: "octocat", verified: true });
    expect(read(push, again).actor).toEqual({ name: "hubot", verified: true });
    expect(read(push, { GITHUB_RUN_ATTEMPT: "2" }).actor).toEqual({ name: "octocat", verified: true });
    expect(read(push, { ...again, GITHUB_TRIGGERING_ACTOR: "" }).actor).toEqual({ name: "octocat", verified: true });
  });

  it("stays the sender on Gitea, where a workflow may set that variable", () => {
    expect(read(push, { ...again, GITEA_ACTIONS: "true" }).actor).toEqual({ name: "octocat", verified: true });
  });

  it("is nobody that the forge vouches for where there is no sender", () => {
    expect(read({}, { ...again, GITHUB_EVENT_NAME: "schedule" }).actor).toEqual({ name: "hubot", verified: false });
  });
});

describe("a run on GitHub", () => {
  it("has its ids, and its workflow's file rather than its name", () => {
    expect(read(push, {}, '{"os":"linux"}').run).toEqual({
      id: "1658821493",
      number: 42,
      attempt: 2,
      workflow: ".github/workflows/deliver.yml",
      job: "build",
      matrix: '{"os":"linux"}',
      url: "https://github.com/acme/frontend/actions/runs/1658821493",
      branch: "main",
      defaultBranch: "main",
    });
  });

  it("was started by who the payload says; a variable alone vouches for nobody", () => {
    expect(read(push).actor).toEqual({ name: "octocat", verified: true });
    expect(read({}).actor).toEqual({ name: "hubot", verified: false });
  });

  it("keeps useful variables, no secret and nothing that a re-run changes", () => {
    const { variables } = read(push);
    expect(variables).toMatchObject({ GITHUB_REF: "refs/heads/main", GITHUB_RUN_NUMBER: "42" });
    expect(JSON.stringify(variables)).not.toContain("secret");
    expect(read(push, { GITHUB_RUN_ATTEMPT: "3" }).variables).toEqual(variables);
  });

  it("takes a trace context only when it is valid", () => {
    const valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    expect(read(push, { TRACEPARENT: valid }).traceparent).toBe(valid);
    for (const bad of [
      "",
      `${valid}\nx: y`,
      valid.toUpperCase(),
      valid.replace("00-", "ff-"),
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    ]) {
      expect(read(push, { TRACEPARENT: bad }).traceparent).toBeUndefined();
    }
  });
});

describe("Gitea and Forgejo", () => {
  it("speak GitHub's language under their own flag", () => {
    const more = { GITEA_ACTIONS: "true", GITHUB_SERVER_URL: "https://git.example", GITHUB_WORKFLOW_REF: "" };
    const context = read(push, more);
    expect(context).toMatchObject({ host: "gitea", event: "push", actor: { name: "octocat", verified: true } });
    expect(context.run).toMatchObject({
      workflow: "Deliver",
      url: "https://git.example/acme/frontend/actions/runs/42",
    });
  });
});

describe("a server that lies on a path of its host", () => {
  it.each(["https://git.example:3000/forge", "https://git.example:3000/forge/"])("%s leads to its pages", (server) => {
    const context = read(push, { GITEA_ACTIONS: "true", GITHUB_SERVER_URL: server });
    expect(context.serverUrl).toBe("https://git.example:3000/forge");
    expect(context.run.url).toBe("https://git.example:3000/forge/acme/frontend/actions/runs/42");
    expect(context.version.url).toMatch(/^https:\/\/git\.example:3000\/forge\/acme\/frontend\/commit\/[0-9a-f]{40}$/);
  });
});

describe("hostile text", () => {
  it.each(["main\nGlu-App: evil", "-x", "a..b", "x\u0000y", "a b", "a^{commit}"])("branch %j is refused", (name) => {
    expect(() => read(push, { GITHUB_REF: `refs/heads/${name}` })).toThrow(
      expect.objectContaining({ code: "input/ref" }),
    );
    const bad = { ...pullRequest.pull_request, head: { ...pullRequest.pull_request.head, ref: name } };
    expect(() => read({ ...pullRequest, pull_request: bad }, { GITHUB_EVENT_NAME: "pull_request" })).toThrow(
      expect.objectContaining({ code: "input/ref" }),
    );
  });

  it("in a name is left out", () => {
    const author = { name: "x\nGlu-App: y", email: "a@b\u001b[31m" };
    const { version } = read({ ...push, head_commit: { ...push.head_commit, author }, sender: { login: "a\nb" } });
    expect(version).not.toHaveProperty("authorName");
    expect(version).not.toHaveProperty("authorEmail");
  });

  it("that is not JSON is a coded error", () => {
    expect(() => readCiContext(env, () => "{")).toThrow(expect.objectContaining({ code: "host/event-payload" }));
  });

  it("of any shape never throws anything but a coded error", () => {
    const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string(), fc.constant(sha));
    const shape = fc.record(
      {
        ref: leaf,
        after: leaf,
        action: leaf,
        sender: fc.oneof(leaf, fc.record({ login: leaf })),
        head_commit: fc.oneof(leaf, fc.record({ id: leaf, message: leaf, author: leaf, committer: leaf })),
        release: fc.oneof(leaf, fc.record({ tag_name: leaf })),
        pull_request: fc.oneof(leaf, fc.record({ head: fc.record({ ref: leaf, sha: leaf, repo: leaf }), base: leaf })),
      },
      { requiredKeys: [] },
    );
    const names = fc.constantFrom(...Object.keys(githubEvents), "other");
    fc.assert(
      fc.property(fc.oneof(shape, fc.jsonValue()), names, fc.string(), (payload, GITHUB_EVENT_NAME, ref) => {
        try {
          const context = read(payload, { GITHUB_EVENT_NAME, GITHUB_REF: `refs/heads/${ref}` });
          expect(context.version.branch ?? "").not.toMatch(/[\r\n]/);
          expect(context.event === undefined).toBe(context.ignored !== undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(GluError);
        }
      }),
    );
  });
});

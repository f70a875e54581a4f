import { GluError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gitlabEvents } from "./events.ts";
import { readCiContext } from "./read.ts";

const sha = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
const head = "2dcf4a75763eff1d6b4844ea3168962458c9f27b";

const env = {
  GITLAB_CI: "true",
  CI_SERVER_URL: "https://gitlab.com",
  CI_API_V4_URL: "https://gitlab.com/api/v4",
  CI_PROJECT_ID: "34",
  CI_PROJECT_PATH: "acme/shop/frontend",
  CI_PROJECT_URL: "https://gitlab.com/acme/shop/frontend",
  CI_PIPELINE_SOURCE: "push",
  CI_PIPELINE_ID: "1000",
  CI_PIPELINE_IID: "10",
  CI_PIPELINE_URL: "https://gitlab.com/acme/shop/frontend/-/pipelines/1000",
  CI_JOB_ID: "50",
  CI_JOB_NAME: "artifact 2/3",
  CI_NODE_INDEX: "2",
  CI_NODE_TOTAL: "3",
  CI_COMMIT_SHA: sha,
  CI_COMMIT_BRANCH: "main",
  CI_DEFAULT_BRANCH: "main",
  CI_COMMIT_MESSAGE: "Fix it\n\nreally",
  CI_COMMIT_AUTHOR: "Jo Doe <jo@acme.example>",
  CI_JOB_TOKEN: "glcbt-secret",
  CI_REPOSITORY_URL: "https://gitlab-ci-token:secret@gitlab.com/acme/shop/frontend.git",
  GITLAB_USER_LOGIN: "jo",
};
const mergeRequest = {
  CI_PIPELINE_SOURCE: "merge_request_event",
  CI_COMMIT_BRANCH: "",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_ID: "34",
  CI_MERGE_REQUEST_PROJECT_URL: "https://gitlab.com/acme/shop/frontend",
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "34",
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature/x",
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
};
const read = (more: Record<string, string> = {}, matrix?: string) =>
  readCiContext({ ...env, ...more }, () => expect.unreachable(), { matrix });

describe("GitLab's pipeline sources", () => {
  it("a push tells where its branch was before, unless the branch is new; no other source does", () => {
    expect(read({ CI_COMMIT_BEFORE_SHA: head }).before).toBe(head);
    expect(read({ CI_COMMIT_BEFORE_SHA: "0".repeat(40) })).not.toHaveProperty("before");
    expect(read({ CI_COMMIT_BEFORE_SHA: head, CI_PIPELINE_SOURCE: "schedule" })).not.toHaveProperty("before");
    expect(read({ CI_COMMIT_BEFORE_SHA: head, ...mergeRequest })).not.toHaveProperty("before");
  });

  it("a push carries its commit", () => {
    expect(read()).toMatchObject({ host: "gitlab", event: "push", repository: "acme/shop/frontend", fork: false });
    expect(read().version).toEqual({
      repositoryName: "acme/shop/frontend",
      event: "push",
      sha,
      branch: "main",
      message: "Fix it\n\nreally",
      authorName: "Jo Doe",
      authorEmail: "jo@acme.example",
      url: `https://gitlab.com/acme/shop/frontend/-/commit/${sha}`,
    });
  });

  it("a push of a tag is a tag", () => {
    const { event, version } = read({ CI_COMMIT_TAG: "v1.2.3", CI_COMMIT_BRANCH: "" });
    expect(event).toBe("tag");
    expect(version).toMatchObject({ tag: "v1.2.3" });
    expect(version).not.toHaveProperty("branch");
  });

  it("a merge request has the times of its pipeline and job, which are not its own", () => {
    const times = { CI_PIPELINE_CREATED_AT: "2026-11-21T07:00:00Z", CI_JOB_STARTED_AT: "2026-11-21T08:00:00Z" };
    const labels = { CI_MERGE_REQUEST_LABELS: "preview, team::a" };
    expect(read({ ...mergeRequest, ...times, ...labels }).pull).toEqual({
      ...{ number: 7, action: undefined, isOpen: undefined, label: undefined, head: sha, author: undefined },
      ...{ branch: "feature/x", labels: ["preview", "team::a"], isOwnTime: false },
      ...{ updatedAt: Date.UTC(2026, 10, 21, 7), closedAt: Date.UTC(2026, 10, 21, 8) },
    });
  });

  it("a merge request's commit is the source branch's, also when the result of the merge is built", () => {
    const plain = read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "" });
    expect(plain).toMatchObject({ event: "pr", version: { sha, branch: "feature/x", targetBranch: "main" } });
    const merged = read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head });
    expect(merged.version).toMatchObject({ sha: head, sourceBranch: "feature/x" });
    // The message is the merge commit's.
    expect(merged.version).not.toHaveProperty("message");
    expect(merged.version.url).toBe("https://gitlab.com/acme/shop/frontend/-/merge_requests/7");
  });

  it("a merge request says which commit is to be merged: its head, and in a merge train what that has built", () => {
    const { merging } = read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head });
    const into = "refs/heads/main";
    expect(merging).toEqual({
      ref: "refs/merge-requests/7/head",
      commit: head,
      into,
      branch: "refs/heads/feature/x",
    });
    const train = {
      ...mergeRequest,
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head,
      CI_MERGE_REQUEST_EVENT_TYPE: "merge_train",
    };
    expect(read(train).merging).toMatchObject({ ref: "refs/merge-requests/7/train", commit: sha, into });
    expect(read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" }).merging).toMatchObject({
      branch: undefined,
    });
    expect(read()).not.toHaveProperty("merging");
  });

  it("a merge request from another project is a fork's", () => {
    expect(read(mergeRequest).fork).toBe(false);
    expect(read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" }).fork).toBe(true);
    expect(read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "" }).fork).toBe(true);
  });

  it.each([
    ["web", "manual"],
    ["trigger", "request"],
    ["pipeline", "request"],
    ["api", "request"],
    ["schedule", "schedule"],
  ])("%s is %s, also on a tag", (source, event) => {
    expect(read({ CI_PIPELINE_SOURCE: source })).toMatchObject({ event, version: { event, sha } });
    expect(read({ CI_PIPELINE_SOURCE: source, CI_COMMIT_TAG: "v1" }).event).toBe(event);
  });

  it("a child pipeline is a merge request's when it has one, else it is ignored", () => {
    expect(read({ ...mergeRequest, CI_PIPELINE_SOURCE: "parent_pipeline" }).event).toBe("pr");
    expect(read({ CI_PIPELINE_SOURCE: "parent_pipeline" })).toMatchObject({
      event: undefined,
      ignored: expect.stringContaining("child"),
    });
  });

  it.each(["external", "chat", "webide", "ondemand_dast_scan", "", "toString"])("%j is ignored", (source) => {
    const context = read({ CI_PIPELINE_SOURCE: source });
    expect(context).toMatchObject({ event: undefined, version: {} });
    expect(context.ignored).toMatch(/./);
  });
});

describe("a run on GitLab", () => {
  it("is the pipeline, so that a retried job asks for the same", () => {
    const { run } = read();
    expect(run).toEqual({
      id: "1000",
      number: 10,
      attempt: undefined,
      workflow: "pipeline",
      job: "artifact 2/3",
      matrix: '{"index":2,"total":3}',
      url: "https://gitlab.com/acme/shop/frontend/-/pipelines/1000",
      branch: "main",
      defaultBranch: "main",
    });
    expect(read({ CI_JOB_ID: "51", GITLAB_USER_LOGIN: "other" })).toMatchObject({ run, variables: read().variables });
  });

  it("has an actor that nobody vouches for", () => {
    expect(read().actor).toEqual({ name: "jo", verified: false });
  });

  it("keeps useful variables and no secret", () => {
    expect(read().variables).toMatchObject({ CI_PIPELINE_IID: "10", CI_COMMIT_BRANCH: "main" });
    expect(JSON.stringify(read())).not.toContain("secret");
  });
});

describe("hostile text on GitLab", () => {
  it("in a branch or a tag is refused", () => {
    const refused = expect.objectContaining({ code: "input/ref" });
    expect(() => read({ CI_COMMIT_BRANCH: "main\nGlu-App: x" })).toThrow(refused);
    expect(() => read({ CI_COMMIT_TAG: "v1\n" })).toThrow(refused);
    expect(() => read({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "a b" })).toThrow(refused);
  });

  it("never throws anything but a coded error", () => {
    const names = fc
      .constantFrom(...Object.keys(env), ...Object.keys(mergeRequest))
      .filter((name) => name !== "GITLAB_CI");
    const sources = fc.constantFrom(...Object.keys(gitlabEvents));
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), sources, (more, CI_PIPELINE_SOURCE) => {
        try {
          read({ ...mergeRequest, CI_PIPELINE_SOURCE, ...more });
        } catch (error) {
          expect(error).toBeInstanceOf(GluError);
        }
      }),
    );
  });
});

describe("a terminal", () => {
  it("is everything that is no CI, and a manual start by whom Git names", () => {
    const context = readCiContext({ USER: "jo" }, () => undefined, { user: "Jo Doe" });
    expect(context).toMatchObject({ host: "terminal", event: "manual", actor: { name: "Jo Doe", verified: false } });
    expect(readCiContext({ USER: "jo" }, () => undefined).actor).toEqual({ name: "jo", verified: false });
    expect(readCiContext({}, () => undefined).actor.name).toBe("unknown");
  });
});

import { type CiContext, type EventName, type Merging, sha, type Version } from "@glu/core";
import type { Env } from "./env.ts";
import { gitlabEvents } from "./events.ts";
import { mergingOf } from "./merging.ts";
import { commitBefore, count, defined, message, oneLine } from "./payload.ts";
import { mergeRequestIn } from "./pull.ts";
import { branchName, tagName } from "./refs.ts";
import { parseTraceparent } from "./traceparent.ts";
import { readVariables } from "./variables.ts";

type Decided = { event: EventName } | { ignored: string };

function decideEvent(source: string, env: Env): Decided {
  const known = Object.hasOwn(gitlabEvents, source) ? gitlabEvents[source] : undefined;
  // A child of a merge request's pipeline still has the merge request's variables.
  if (source === "parent_pipeline" && env.CI_MERGE_REQUEST_IID) return { event: "pr" };
  if (known === undefined) {
    return { ignored: `the pipeline source ${JSON.stringify(source)} has no place in a delivery` };
  }
  if (typeof known === "object") return known;
  if (/^0+$/.test(env.CI_COMMIT_SHA ?? "")) return { ignored: "there is no commit left to deliver" };
  return { event: known === "push" && env.CI_COMMIT_TAG ? "tag" : known };
}

/** `Name <address>`, as `CI_COMMIT_AUTHOR` has it. */
function readAuthor(text: string | undefined): Partial<Version> {
  const match = /^(.*?)\s*<([^<>]*)>$/s.exec(text === undefined || text.length > 1024 ? "" : text);
  return match === null ? {} : defined({ authorName: oneLine(match[1]), authorEmail: oneLine(match[2]) });
}

function readVersion(event: EventName, env: Env): Partial<Version> {
  // Only a merged-results pipeline has the source branch's SHA in a variable of its own; else it is the commit's.
  const head = event === "pr" ? env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA : env.CI_COMMIT_SHA;
  const built = head !== undefined && head === env.CI_COMMIT_SHA;
  const source = event === "pr" ? branchName(env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME) : undefined;
  const mergeRequest = `${env.CI_MERGE_REQUEST_PROJECT_URL}/-/merge_requests/${env.CI_MERGE_REQUEST_IID}`;
  const commit = `${env.CI_PROJECT_URL}/-/commit/${head}`;
  const isMergeRequest = event === "pr" && env.CI_MERGE_REQUEST_PROJECT_URL && env.CI_MERGE_REQUEST_IID;
  return defined({
    repositoryName: oneLine(env.CI_PROJECT_PATH),
    event,
    sha: head ? sha(head) : undefined,
    branch: event === "pr" ? source : branchName(env.CI_COMMIT_BRANCH),
    sourceBranch: source,
    targetBranch: event === "pr" ? branchName(env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME) : undefined,
    tag: tagName(env.CI_COMMIT_TAG),
    ...(built ? { message: message(env.CI_COMMIT_MESSAGE), ...readAuthor(env.CI_COMMIT_AUTHOR) } : {}),
    url: isMergeRequest ? oneLine(mergeRequest) : env.CI_PROJECT_URL && head ? oneLine(commit) : undefined,
  });
}

/**
 * A merge request's head; in a merge train what the train has built
 * (https://docs.gitlab.com/ci/pipelines/merge_trains/).
 */
function mergingIn(env: Env): { merging?: Merging } {
  const { CI_MERGE_REQUEST_IID: number, CI_COMMIT_SHA: built } = env;
  const isTrain = env.CI_MERGE_REQUEST_EVENT_TYPE === "merge_train";
  const isFork = env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID !== env.CI_MERGE_REQUEST_PROJECT_ID;
  return mergingOf({
    ref: count(number) === undefined ? undefined : `refs/merge-requests/${number}/${isTrain ? "train" : "head"}`,
    commit: isTrain ? built : env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || built,
    into: env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME,
    branch: isFork ? undefined : env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME,
  });
}

/** GitLab's parallel legs are numbered; their names already differ, the index is kept for a plain `parallel: 3`. */
function legOf(env: Env): string | undefined {
  const { CI_NODE_INDEX: index, CI_NODE_TOTAL: total } = env;
  return count(index) === undefined ? undefined : JSON.stringify({ index: count(index), total: count(total) ?? null });
}

/**
 * GitLab CI (https://docs.gitlab.com/ci/variables/predefined_variables/). Whoever starts a pipeline can override these
 * variables, so the actor is not verified here; the job's token proves it (see `Actors`).
 */
export function readGitlabContext(env: Env, options: { matrix?: string | undefined } = {}): CiContext {
  const hostEvent = env.CI_PIPELINE_SOURCE ?? "";
  const decided = decideEvent(hostEvent, env);
  const event = "event" in decided ? decided.event : undefined;
  const sourceProject = env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID;
  return {
    host: "gitlab",
    event,
    ...("ignored" in decided ? { ignored: decided.ignored } : {}),
    hostEvent,
    repository: oneLine(env.CI_PROJECT_PATH) ?? "",
    serverUrl: oneLine(env.CI_SERVER_URL),
    apiUrl: oneLine(env.CI_API_V4_URL),
    version: event === undefined ? {} : readVersion(event, env),
    ...(event === "push" ? commitBefore(env.CI_COMMIT_BEFORE_SHA) : {}),
    ...(event === "pr" ? { ...mergingIn(env), ...mergeRequestIn(env) } : {}),
    fork: Boolean(env.CI_MERGE_REQUEST_PROJECT_ID) && sourceProject !== env.CI_MERGE_REQUEST_PROJECT_ID,
    actor: { name: oneLine(env.GITLAB_USER_LOGIN) ?? "unknown", verified: false },
    run: {
      // A retried job keeps the pipeline's id; its own changes.
      id: oneLine(env.CI_PIPELINE_ID),
      number: count(env.CI_PIPELINE_IID),
      attempt: undefined,
      // The IID counts all pipelines of the project, whatever file or name they have.
      workflow: "pipeline",
      job: oneLine(env.CI_JOB_NAME),
      matrix: options.matrix ?? legOf(env),
      url: oneLine(env.CI_PIPELINE_URL),
      branch: branchName(env.CI_COMMIT_BRANCH),
      defaultBranch: oneLine(env.CI_DEFAULT_BRANCH),
    },
    variables: readVariables("gitlab", env),
    traceparent: parseTraceparent(env.TRACEPARENT),
  };
}

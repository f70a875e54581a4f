import type { HostName } from "@glu/core";
import type { Env } from "./env.ts";
import { oneLine } from "./payload.ts";

const github = [
  "GITHUB_ACTOR",
  "GITHUB_BASE_REF",
  "GITHUB_EVENT_NAME",
  "GITHUB_HEAD_REF",
  "GITHUB_JOB",
  "GITHUB_REF",
  "GITHUB_REF_NAME",
  "GITHUB_REF_TYPE",
  "GITHUB_REPOSITORY",
  "GITHUB_REPOSITORY_ID",
  "GITHUB_REPOSITORY_OWNER",
  "GITHUB_RUN_ID",
  "GITHUB_RUN_NUMBER",
  "GITHUB_SERVER_URL",
  "GITHUB_SHA",
  "GITHUB_WORKFLOW",
  "GITHUB_WORKFLOW_REF",
  "GITHUB_WORKFLOW_SHA",
] as const;

const gitlab = [
  "CI_COMMIT_BRANCH",
  "CI_COMMIT_REF_NAME",
  "CI_COMMIT_REF_SLUG",
  "CI_COMMIT_SHA",
  "CI_COMMIT_SHORT_SHA",
  "CI_COMMIT_TAG",
  "CI_DEFAULT_BRANCH",
  "CI_JOB_NAME",
  "CI_JOB_STAGE",
  "CI_MERGE_REQUEST_IID",
  "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
  "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
  "CI_PIPELINE_ID",
  "CI_PIPELINE_IID",
  "CI_PIPELINE_SOURCE",
  "CI_PIPELINE_URL",
  "CI_PROJECT_ID",
  "CI_PROJECT_PATH",
  "CI_PROJECT_URL",
  "CI_SERVER_URL",
] as const;

/**
 * The CI variables that an artifact's `context` keeps: useful in templates, no secret, and the same when the job runs
 * again. So neither the attempt nor a job's id is here, nor whoever pressed "retry", nor a URL with a token in it.
 */
export const contextVariables: Readonly<Record<HostName, readonly string[]>> = {
  github,
  gitea: github,
  gitlab,
  terminal: [],
};

export function readVariables(host: HostName, env: Env): Record<string, string> {
  const found = contextVariables[host].map((name) => [name, oneLine(env[name])] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

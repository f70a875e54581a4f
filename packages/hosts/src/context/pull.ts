import { type PullEvent, type Sha, sha } from "@glu/core";
import type { Env } from "./env.ts";
import { count, namesAt, numberAt, oneLine, textAt, timeOf } from "./payload.ts";
import { branchName } from "./refs.ts";

const headOf = (value: string | undefined): Sha | undefined =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value ?? "") ? sha(value as string) : undefined;

/**
 * GitHub's, and Gitea's and Forgejo's
 * (https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request).
 */
export function pullIn(payload: unknown): { pull?: PullEvent } {
  const at = (...path: string[]) => textAt(payload, "pull_request", ...path);
  const number = numberAt(payload, "number");
  const head = headOf(at("head", "sha"));
  if (number === undefined || head === undefined) return {};
  const state = at("state");
  return {
    pull: {
      ...{ number, head, action: oneLine(textAt(payload, "action")) },
      isOpen: state === undefined ? undefined : state === "open",
      author: oneLine(at("user", "login")),
      branch: branchName(at("head", "ref")),
      labels: namesAt(payload, "pull_request", "labels"),
      label: oneLine(textAt(payload, "label", "name")),
      ...{ updatedAt: timeOf(at("updated_at")), closedAt: timeOf(at("closed_at")), isOwnTime: true },
    },
  };
}

/**
 * GitLab's, of a pipeline of a merge request, also of a job that stops its environment later
 * (https://docs.gitlab.com/ci/variables/predefined_variables/). Nothing tells there whether it is still open.
 */
export function mergeRequestIn(env: Env): { pull?: PullEvent } {
  const number = count(env.CI_MERGE_REQUEST_IID);
  const head = headOf(env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA);
  if (number === undefined || head === undefined) return {};
  return {
    pull: {
      ...{ number, head, action: undefined, isOpen: undefined, label: undefined },
      // Who started the pipeline need not be who opened it.
      author: undefined,
      branch: branchName(env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME),
      labels: (env.CI_MERGE_REQUEST_LABELS ?? "").split(",").flatMap((one) => oneLine(one.trim()) ?? []),
      updatedAt: timeOf(env.CI_PIPELINE_CREATED_AT),
      closedAt: timeOf(env.CI_JOB_STARTED_AT),
      isOwnTime: false,
    },
  };
}

import type { EventName } from "@glu/core";

/**
 * Which of our events a host's event is. What is not in a table has no place in a delivery: it is ignored with a
 * notice and never taken for a push. Known ones that are left out say why.
 */
export type EventTable = Readonly<Record<string, EventName | { ignored: string }>>;

/** GitHub Actions, Gitea Actions and Forgejo Actions: the value of `GITHUB_EVENT_NAME`. */
export const githubEvents: EventTable = {
  // A push of a tag is told apart by its ref.
  push: "push",
  pull_request: "pr",
  pull_request_target: "pr",
  release: "release",
  workflow_dispatch: "manual",
  repository_dispatch: "request",
  schedule: "schedule",
  merge_group: { ignored: "a merge queue builds a commit that may never land; the push after it counts" },
  workflow_run: { ignored: "it names another run's commit, and its default branch is not what was built" },
  create: { ignored: "the push of the same branch or tag counts" },
  delete: { ignored: "there is nothing left to deliver" },
};

/** GitLab: the value of `CI_PIPELINE_SOURCE` (https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable). */
export const gitlabEvents: EventTable = {
  // A pipeline of a tag is told apart by CI_COMMIT_TAG.
  push: "push",
  merge_request_event: "pr",
  web: "manual",
  trigger: "request",
  pipeline: "request",
  api: "request",
  schedule: "schedule",
  // Told apart by what a child pipeline still knows of its parent.
  parent_pipeline: { ignored: "a child pipeline does not know what started its parent" },
  external: { ignored: "another CI system reports its own work here" },
  external_pull_request_event: { ignored: "the pull request belongs to another forge" },
};

/**
 * GitHub's release event fires for drafts and edits too. `published` is when a release or pre-release becomes visible;
 * `released` and `prereleased` come beside it, so under `on: release` they would be a second run of the same release.
 */
export const releaseActions: readonly string[] = ["published"];

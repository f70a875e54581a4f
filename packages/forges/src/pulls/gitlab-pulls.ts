import type { Pull, Pulls } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { mappingOf } from "../json.ts";
import { pullsBy } from "./pulls-by.ts";
import { readPull } from "./read-pull.ts";
import { refusePull } from "./refuse-pull.ts";

/** What GitLab gives at most. */
const perPage = 100;

/**
 * Merge requests of a GitLab project (https://docs.gitlab.com/api/merge_requests/). A job's token may read them, too, on
 * servers that are new enough (https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access): older ones take it for
 * none, and show what everybody may see.
 */
export function createGitlabPulls(asking: AskingWithToken): Pulls {
  const { token, repository } = asking;
  const isJobs = /^glcbt-/.test(token);
  const base = `/projects/${encodeURIComponent(repository)}/merge_requests`;
  return pullsBy({
    asking,
    headers: { [isJobs ? "job-token" : "private-token"]: token, "content-type": "application/json" },
    one: (number) => `${base}/${number}`,
    open: `${base}?state=opened&scope=all&order_by=created_at&sort=asc&per_page=${perPage}`,
    any: `${base}?state=all&scope=all&per_page=1`,
    perPage,
    read,
    refuse: (response) =>
      refusePull(response, {
        target: repository,
        token,
        permission:
          `It needs a project access token of ${repository} with the role Reporter and the scope 'read_api', as ` +
          "GLU_TOKEN. Older GitLabs show merge requests to no job token.",
        missing: `Check the path ${repository}, and that merge requests are enabled there.`,
        invalid: "Check the number of the merge request.",
      }),
  });
}

/** `locked`: it is being merged right now, and may yet fail to be. */
const states = new Map<unknown, boolean>(Object.entries({ opened: true, locked: true, closed: false, merged: false }));

function read(json: unknown): Pull | undefined {
  const request = mappingOf(json);
  const { source_project_id: from, target_project_id: into } = request;
  return readPull({
    number: request.iid,
    isOpen: states.get(request.state),
    head: request.sha,
    updatedAt: request.updated_at,
    closedAt: request.state === "merged" ? (request.merged_at ?? request.closed_at) : request.closed_at,
    author: mappingOf(request.author).username,
    branch: request.source_branch,
    base: request.target_branch,
    // Of a fork that was deleted there may be no number.
    fromFork: typeof from !== "number" || from !== into,
    labels: request.labels,
    ending:
      request.state === "merged"
        ? { merged: true, by: mappingOf(request.merge_user ?? request.merged_by).username }
        : { merged: false, by: mappingOf(request.closed_by).username },
  });
}

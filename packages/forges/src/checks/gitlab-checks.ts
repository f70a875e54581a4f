import { type Checks, type CommitCheck, OutsideError } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { send, webLink } from "../http.ts";
import { textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { counted, type ListedCheck, sinceOf } from "./counted.ts";

const perPage = 100;

/**
 * Jobs and external statuses of a commit, in whatever pipeline of it
 * (https://docs.gitlab.com/api/commits/#list-all-commit-statuses). Those that were retried are not listed.
 */
export function createGitlabChecks(asking: AskingWithToken, own: OwnRun): Checks {
  const { token } = asking;
  return {
    async of({ repository, commit }, signal) {
      const permission = `It needs an access token with the scope 'read_api' and the role Reporter in ${repository}, as GLU_TOKEN.`;
      if (isJobToken(token)) {
        throw new OutsideError(
          "checks/job-token",
          "GitLab shows statuses of commits to no job token and no trigger token.",
          {
            fix: permission,
          },
        );
      }
      const path = `/projects/${encodeURIComponent(repository)}/repository/commits/${encodeURIComponent(commit)}/statuses`;
      const listed = await allEntries({
        apiUrl: asking.apiUrl,
        path: `${path}?per_page=${perPage}`,
        perPage,
        get: (at) => send({ method: "GET", path: at, headers: gitlabHeaders(token), signal }, asking),
        refuse: (response) =>
          notAnswered("checks", response, {
            target: `${repository} at ${commit.slice(0, 7)}`,
            token,
            permission,
            missing: "Check the path of the project, and that the commit is there.",
            invalid: "Check that the artifact's source commit is in that project.",
          }),
      });
      return counted(listed.map((one) => jobOf(one, own)));
    },
  };
}

type Entry = Readonly<Record<string, unknown>>;

function jobOf(job: Entry, { run, job: ownJob }: OwnRun): ListedCheck {
  return {
    name: textOf(job.name) ?? "",
    ...stateOf(job),
    since: sinceOf(job.finished_at, job.started_at, job.created_at),
    url: webLink(textOf(job.target_url)),
    of: "",
    order: Number(job.id),
    isOwn: isSame(job.id, ownJob) || isSame(job.pipeline_id, run),
  };
}

const isSame = (id: unknown, own: string | undefined): boolean => own !== undefined && String(id) === own;

function stateOf({ status, allow_failure: mayFail }: Entry): Pick<CommitCheck, "state" | "said"> {
  const said = textOf(status) ?? "unknown";
  switch (said) {
    case "success":
      return { state: "succeeded", said };
    case "failed":
      // The pipeline passes with it, and so does what requires that.
      return mayFail === true ? { state: "succeeded", said: "failed, which is allowed" } : { state: "failed", said };
    case "canceled":
    case "skipped":
      return { state: "failed", said };
    case "running":
    case "canceling":
      return { state: "running", said };
    case "created":
    case "pending":
    case "preparing":
    case "scheduled":
    case "manual":
    case "waiting_for_resource":
    case "waiting_for_callback":
      return { state: "waiting", said };
    default:
      return { state: "failed", said };
  }
}

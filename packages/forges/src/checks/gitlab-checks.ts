import { type Checks, type CommitCheck, OutsideError } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { type ForgeResponse, send, webLink } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { counted, type ListedCheck, sinceOf } from "./counted.ts";

const perPage = 100;

/**
 * Jobs and external statuses of a commit, in whatever pipeline of it
 * (https://docs.gitlab.com/api/commits/#list-all-commit-statuses). Those that were retried are not listed, nor are jobs
 * of child pipelines: of these the job that starts them is.
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
      const refuse = (response: ForgeResponse) =>
        notAnswered("checks", response, {
          target: `${repository} at ${commit.slice(0, 7)}`,
          token,
          permission,
          missing: "Check the path of the project, and that the commit is there.",
          invalid: "Check that the artifact's source commit is in that project.",
        });
      const listed = await allEntries({
        apiUrl: asking.apiUrl,
        path: `${path}?per_page=${perPage}`,
        perPage,
        get: (at) => send({ method: "GET", path: at, headers: gitlabHeaders(token), signal }, asking),
        refuse,
      });
      const checks = listed.map((one) => jobOf(one, own));
      const isUnfinished = checks.some(({ isOwn, state }) => !isOwn && (state === "running" || state === "waiting"));
      if (own.isTriggered !== true || !isUnfinished) return counted(checks);
      const above = await jobsAbove(own, signal);
      return counted(checks.map((one) => ({ ...one, isOwn: one.isOwn || above.has(one.order) })));
    },
  };

  /**
   * The jobs of other pipelines that started the one that asks, which wait for it when they have `strategy: depend`: it
   * would wait for itself. Children may have children.
   */
  async function jobsAbove({ number }: OwnRun, signal: AbortSignal): Promise<ReadonlySet<number>> {
    const query =
      "query ($path: ID!, $iid: ID!) { project(fullPath: $path) { pipeline(iid: $iid) { " +
      "sourceJob { id } upstream { sourceJob { id } upstream { sourceJob { id } } } } } }";
    const body = { query, variables: { path: asking.repository, iid: String(number ?? "") } };
    const base = { ...asking, apiUrl: asking.apiUrl.replace(/\/v4\/?$/, "") };
    const response = await send(
      { method: "POST", path: "/graphql", headers: gitlabHeaders(token), body, signal },
      base,
    );
    const { pipeline } = mappingOf(mappingOf(mappingOf(response.json).data).project);
    if (response.status !== 200 || pipeline === undefined || pipeline === null) {
      throw notAnswered("checks", response, {
        target: `the pipeline ${String(number)} of ${asking.repository}`,
        token,
        permission: `It needs an access token with the scope 'read_api' and the role Reporter in ${asking.repository}, as GLU_TOKEN.`,
        missing: "Check that the token sees the project that this pipeline is of.",
        invalid: "Check that the token sees the project that this pipeline is of.",
      });
    }
    const ids = new Set<number>();
    for (let one = mappingOf(pipeline), depth = 0; depth < 3; one = mappingOf(one.upstream), depth++) {
      const id = /\d+$/.exec(textOf(mappingOf(one.sourceJob).id) ?? "")?.[0];
      if (id !== undefined) ids.add(Number(id));
    }
    return ids;
  }
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

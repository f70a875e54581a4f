import { type CommitStatus, type Statuses, type Timestamp, UserError } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { type ForgeResponse, type SendOnce, unlessItStands } from "../http.ts";
import { listOf, textOf, timeOf } from "../json.ts";
import { allEntries } from "../pages.ts";
import { notTold } from "../telling/not-told.ts";
import { oneLine } from "../telling/one-line.ts";
import { asItWas } from "./as-it-was.ts";
import { saidBy } from "./said-by.ts";

/** What GitLab takes as a description, and as a link. */
const longest = 255;

const states = { pending: "pending", success: "success", failure: "failed" } as const;

/**
 * Statuses of commits of GitLab (https://docs.gitlab.com/api/commits/#set-commit-pipeline-status). One belongs to a
 * pipeline, as a job does: to the newest of its commit, or to one that GitLab makes for it. It counts for a merge
 * request as far as that pipeline does. One that is pending cannot be set to pending: to say something else it is
 * cancelled before.
 * @throws UserError `status/job-token` for a token that no commit can be marked with.
 */
export function createGitlabStatuses(asking: AskingWithToken): Statuses {
  const { token, repository } = asking;
  const accessToken = `a project access token of ${repository} with the role Developer and the scope 'api', as GLU_TOKEN`;
  if (isJobToken(token)) {
    throw new UserError("status/job-token", "GitLab lets no job token mark commits.", { fix: `Give ${accessToken}.` });
  }
  const headers = gitlabHeaders(token);
  const base = `/projects/${encodeURIComponent(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("status", response, {
      target: repository,
      token,
      permission: `It needs ${accessToken}; on a protected branch, of somebody who may push or merge there.`,
      missing: `Check the path ${repository}, and that the commit is on a branch there.`,
      invalid: `Check that no job of ${repository} has the same name.`,
    });

  async function list(ask: SendOnce, path: string) {
    const response = await ask({ method: "GET", path: `${base}${path}`, headers });
    const found = response.status === 200 ? listOf(response.json) : undefined;
    if (found === undefined) throw refuse(response);
    return found;
  }

  /** The one of a name in the newest pipeline, which is the one that counts; undefined where it is to be set. */
  async function standing(ask: SendOnce, commit: string, name: string) {
    const [pipeline] = await list(ask, `/pipelines?sha=${commit}&order_by=id&sort=desc&per_page=1`);
    if (typeof pipeline?.id !== "number") return undefined;
    const query = new URLSearchParams({ name, pipeline_id: String(pipeline.id), per_page: "100" });
    const found = await list(ask, `/repository/commits/${commit}/statuses?${query}`);
    // An older server knows no such filter, and does not tell the pipeline.
    return found
      .filter((one) => one.name === name && (one.pipeline_id ?? pipeline.id) === pipeline.id)
      .sort((a, b) => Number(b.id) - Number(a.id))[0];
  }

  /** One that waits becomes what it is when it is finished: what it said before is gone then. */
  async function before(ask: SendOnce, commit: string, name: string, at: Timestamp) {
    const query = new URLSearchParams({ name, all: "true", per_page: "100" });
    const path = `${base}/repository/commits/${commit}/statuses?${query}`;
    const get = (path: string) => ask({ method: "GET", path, headers });
    const all = await allEntries({ apiUrl: asking.apiUrl, path, perPage: 100, get, refuse });
    const found = asItWas(
      all.filter((one) => one.name === name),
      at,
    );
    const finished = timeOf(found?.finished_at);
    if (found === undefined || finished === undefined || Date.parse(finished) <= Date.parse(at)) return found;
    return { ...found, status: "pending", description: "" };
  }

  return {
    set: (commit, { context, state, description: text, url: page }: CommitStatus) =>
      unlessItStands(asking, async (ask) => {
        const url = page !== undefined && page.length <= longest ? page : undefined;
        const wanted = { state: states[state], description: oneLine(text, longest), url };
        const found = await standing(ask, commit, context);
        const stands =
          found?.status === wanted.state &&
          (textOf(found.description) ?? "") === wanted.description &&
          (textOf(found.target_url) ?? undefined) === url;
        if (stands) return;
        const post = async (body: Record<string, string>) => {
          const path = `${base}/statuses/${commit}`;
          const response = await ask({ method: "POST", path, headers, body: { name: context, ...body } });
          if (response.status !== 201) throw refuse(response);
        };
        // What one that is not finished says, and links to, stays where it is not said anew.
        const waits = found?.status === "pending" || found?.status === "running";
        const keepsLink = url === undefined && textOf(found?.target_url) !== undefined;
        if (waits && (wanted.state === "pending" || keepsLink)) await post({ state: "canceled" });
        await post({
          state: wanted.state,
          description: wanted.description,
          ...(url === undefined ? {} : { target_url: url }),
        });
      }),

    read: (commit, context, at) =>
      unlessItStands(asking, async (ask) => {
        const found = await (at === undefined ? standing(ask, commit, context) : before(ask, commit, context, at));
        return found && saidBy(found, found.status);
      }),
  };
}

import type { Checks, CommitCheck } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, send, webLink } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { counted, type ListedCheck, sinceOf } from "./counted.ts";

const perPage = 100;

/**
 * Check runs and commit statuses of GitHub. Where both have a name, both count, as for a required check
 * (https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses).
 */
export function createGithubChecks(asking: AskingWithToken, own: OwnRun): Checks {
  const { token } = asking;
  const headers = githubHeaders(token);
  return {
    async of({ repository, commit }, signal) {
      const at = `/repos/${encodePath(repository)}/commits/${encodeURIComponent(commit)}`;
      const list = (below: string, key: string) =>
        allEntries({
          apiUrl: asking.apiUrl,
          path: `${at}/${below}${below.includes("?") ? "&" : "?"}per_page=${perPage}`,
          perPage,
          get: (path) => send({ method: "GET", path, headers, signal }, asking),
          list: (json) => mappingOf(json)[key],
          total: (json) => mappingOf(json).total_count,
          refuse: (response: ForgeResponse) =>
            notAnswered("checks", response, {
              target: `${repository} at ${commit.slice(0, 7)}`,
              token,
              permission:
                "It needs 'permissions: { checks: read, statuses: read }' in the job. The built-in GITHUB_TOKEN reaches " +
                "its own repository only: for another one give a token of an App that may read its checks and statuses.",
              missing: "Check that the repository is named rightly, and that the commit is there.",
              invalid: "Check that the artifact's source commit is in that repository.",
            }),
        });
      const [runs, statuses] = await Promise.all([
        list("check-runs?filter=latest", "check_runs"),
        list("status", "statuses"),
      ]);
      return counted([...runs.map((run) => runOf(run, own)), ...statuses.map(statusOf)]);
    },
  };
}

type Entry = Readonly<Record<string, unknown>>;

function runOf(run: Entry, own: OwnRun): ListedCheck {
  const { slug, id } = mappingOf(run.app);
  const page = textOf(run.details_url) ?? textOf(run.html_url) ?? "";
  return {
    name: textOf(run.name) ?? "",
    ...stateOf(run),
    since: sinceOf(run.completed_at, run.started_at),
    url: webLink(textOf(run.html_url) ?? textOf(run.details_url)),
    of: `run ${String(id ?? slug)}`,
    order: Number(run.id),
    isOwn: slug === "github-actions" && own.run !== undefined && page.includes(`/actions/runs/${own.run}/`),
  };
}

/** What a rule of a branch lets pass: success, neutral, skipped. */
const passing = ["success", "neutral", "skipped"];

function stateOf({ status, conclusion }: Entry): Pick<CommitCheck, "state" | "said"> {
  const said = textOf(status === "completed" ? conclusion : status) ?? "unknown";
  if (status !== "completed") return { state: status === "in_progress" ? "running" : "waiting", said };
  // Somebody has yet to let it begin.
  if (said === "action_required") return { state: "waiting", said };
  return { state: passing.includes(said) ? "succeeded" : "failed", said };
}

function statusOf(status: Entry): ListedCheck {
  const said = textOf(status.state) ?? "unknown";
  return {
    name: textOf(status.context) ?? "",
    state: said === "success" ? "succeeded" : said === "pending" ? "running" : "failed",
    said,
    since: sinceOf(status.updated_at, status.created_at),
    url: webLink(textOf(status.target_url)),
    of: "status",
    order: Number(status.id),
    isOwn: false,
  };
}

import type { Checks, CommitCheck } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, send, webLink } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { counted, type ListedCheck, sinceOf } from "./counted.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/**
 * Commit statuses of Gitea and Forgejo, which their Actions report as well, for pushes, pull requests and releases: the
 * combined status has of each context the newest.
 */
export function createGiteaChecks(asking: AskingWithToken, own: OwnRun): Checks {
  const { token, apiUrl } = asking;
  const headers = giteaHeaders(token);
  const origin = apiUrl.replace(/\/api\/v1$/, "");
  return {
    async of({ repository, commit }, signal) {
      const path = `/repos/${encodePath(repository)}/commits/${encodeURIComponent(commit)}/status`;
      const listed = await allEntries({
        apiUrl,
        path: `${path}?limit=${perPage}`,
        perPage,
        mayGiveLess: true,
        get: (at) => send({ method: "GET", path: at, headers, signal }, asking),
        // A commit without any has no list.
        list: (json) => {
          const { statuses, sha } = mappingOf(json);
          return statuses === null || statuses === undefined ? (sha === commit ? [] : undefined) : statuses;
        },
        refuse: (response) =>
          notAnswered("checks", response, {
            target: `${repository} at ${commit.slice(0, 7)}`,
            token,
            permission: "It needs a token with the scope 'read:repository' of somebody who may read it, as GLU_TOKEN.",
            missing: "Check that the repository is named rightly, and that the commit is there.",
            invalid: "Check that the artifact's source commit is in that repository.",
          }),
      });
      return counted(listed.map((one) => statusOf(one, own, origin)));
    },
  };
}

type Entry = Readonly<Record<string, unknown>>;

function statusOf(status: Entry, own: OwnRun, origin: string): ListedCheck {
  const target = textOf(status.target_url) ?? "";
  return {
    name: textOf(status.context) ?? "",
    ...stateOf(status),
    since: sinceOf(status.updated_at, status.created_at),
    // Those of Actions have no origin.
    url: webLink(target.startsWith("/") ? new URL(target, `${origin}/`).href : target),
    // Two workflows may share a context, and both count.
    of: String(status.id),
    order: Number(status.id),
    isOwn: isOfRun(target, own),
  };
}

/** Gitea 1.26 addresses a run by its id, older ones and Forgejo by its number. */
function isOfRun(target: string, { run, number }: OwnRun): boolean {
  const id = /\/actions\/runs\/(\d+)(?:\/|$)/.exec(target)?.[1];
  return id !== undefined && (id === run || id === String(number));
}

function stateOf(status: Entry): Pick<CommitCheck, "state" | "said"> {
  // In a list it is `status`, alone `state`.
  const said = textOf(status.status) ?? textOf(status.state) ?? "unknown";
  if (said === "success" || said === "skipped") return { state: "succeeded", said };
  // What a rule of a branch takes for a failure: error, failure, warning.
  return { state: said === "pending" ? "running" : "failed", said };
}

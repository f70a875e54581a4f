import type { Pull, Pulls } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath } from "../http.ts";
import { mappingOf } from "../json.ts";
import { withReasons } from "../proposals/github-refusals.ts";
import { pullsBy } from "./pulls-by.ts";
import { readPull } from "./read-pull.ts";
import { refusePull } from "./refuse-pull.ts";

/** What GitHub gives at most. */
const perPage = 100;

/** Pull requests of GitHub (https://docs.github.com/en/rest/pulls/pulls). */
export function createGithubPulls(asking: AskingWithToken): Pulls {
  const { token, repository } = asking;
  const base = `/repos/${encodePath(repository)}/pulls`;
  return pullsBy({
    asking,
    headers: githubHeaders(token),
    one: (number) => `${base}/${number}`,
    open: `${base}?state=open&sort=created&direction=asc&per_page=${perPage}`,
    any: `${base}?state=all&per_page=1`,
    perPage,
    read,
    refuse: (response) =>
      refusePull(withReasons(response), {
        target: repository,
        token,
        permission:
          "Put 'permissions: { pull-requests: read }' into the job; for another repository than the job's own give a " +
          `token of an App or a fine-grained personal access token with 'Pull requests: read' on ${repository} as GLU_TOKEN.`,
        missing: `Check the name ${repository}.`,
        invalid: "Check the number of the pull request.",
      }),
  });
}

function read(json: unknown): Pull | undefined {
  const pull = mappingOf(json);
  const [head, base] = [mappingOf(pull.head), mappingOf(pull.base)];
  // Of a fork that was deleted there is no repository.
  const [from, into] = [mappingOf(head.repo).id, mappingOf(base.repo).id];
  return readPull({
    number: pull.number,
    isOpen: pull.state === "open" ? true : pull.state === "closed" ? false : undefined,
    head: head.sha,
    updatedAt: pull.updated_at,
    closedAt: pull.closed_at,
    author: mappingOf(pull.user).login,
    branch: head.ref,
    base: base.ref,
    fromFork: typeof from !== "number" || from !== into,
    labels: pull.labels,
    ending: {
      merged: typeof pull.merged_at === "string",
      // Of one by its number only.
      by: mappingOf(pull.merged_by).login,
      hasConflicts: pull.mergeable_state === "dirty",
    },
  });
}

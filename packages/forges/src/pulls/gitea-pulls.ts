import type { Pull, Pulls } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { pullsBy } from "./pulls-by.ts";
import { readPull } from "./read-pull.ts";
import { refusePull } from "./refuse-pull.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/** Pull requests of Gitea and Forgejo (`/repos/{owner}/{repo}/pulls`). */
export function createGiteaPulls(asking: AskingWithToken): Pulls {
  const { token, repository } = asking;
  const base = `/repos/${encodePath(repository)}/pulls`;
  return pullsBy({
    asking,
    headers: giteaHeaders(token),
    one: (number) => `${base}/${number}`,
    open: `${base}?state=open&sort=oldest&limit=${perPage}`,
    any: `${base}?state=all&limit=1`,
    perPage,
    mayGiveLess: true,
    read,
    refuse: (response) =>
      refusePull(response, {
        target: repository,
        token,
        permission:
          "It needs 'permissions: { contents: read, pull-requests: read }' in the job, or a token with the scope " +
          `'read:repository' of somebody who may read ${repository}, as GLU_TOKEN.`,
        missing: `Check the name ${repository}, and that pull requests are enabled there.`,
        invalid: "Check the number of the pull request.",
      }),
  });
}

function read(json: unknown): Pull | undefined {
  const pull = mappingOf(json);
  const [head, base] = [mappingOf(pull.head), mappingOf(pull.base)];
  const [from, into] = [mappingOf(head.repo).id, mappingOf(base.repo).id];
  // When the branch is gone, the ref is `refs/pull/…/head`; the label keeps its name. What came by a push to
  // `refs/for/…`, for which nobody needs to write here, has neither a branch nor a label.
  const branch = textOf(head.label) ?? "";
  return readPull({
    number: pull.number,
    isOpen: pull.state === "open" ? true : pull.state === "closed" ? false : undefined,
    head: head.sha,
    updatedAt: pull.updated_at,
    closedAt: pull.closed_at ?? pull.merged_at,
    author: mappingOf(pull.user).login,
    branch,
    base: base.ref,
    fromFork: branch === "" || pull.flow === 1 || typeof from !== "number" || from !== into,
    labels: pull.labels,
    ending: { merged: pull.merged === true, by: mappingOf(pull.merged_by).login },
  });
}

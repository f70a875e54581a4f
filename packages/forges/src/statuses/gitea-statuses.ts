import type { CommitStatus, Statuses, Timestamp } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, type SendOnce, unlessItStands } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { allEntries, pagesOf } from "../pages.ts";
import { notTold } from "../telling/not-told.ts";
import { oneLine } from "../telling/one-line.ts";
import { asItWas } from "./as-it-was.ts";
import { saidBy } from "./said-by.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;
/** They store more; their pages show a line. */
const longest = 255;

/** Statuses of Gitea and Forgejo (`/repos/{owner}/{repo}/statuses/{sha}`). They keep each that was set. */
export function createGiteaStatuses(asking: AskingWithToken): Statuses {
  const { token, repository } = asking;
  const headers = giteaHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("status", response, {
      target: repository,
      token,
      permission:
        "It needs 'permissions: { contents: write }' in the job, or a token with the scope 'write:repository' of " +
        `somebody who may write to ${repository}, as GLU_TOKEN.`,
      missing: `Check the name ${repository}.`,
      invalid: `Check that the commit is in ${repository}.`,
    });

  /** The one of a context that counts. Each context is there once, with its latest. */
  async function standing(ask: SendOnce, commit: string, context: string) {
    const paging = {
      apiUrl: asking.apiUrl,
      path: `${base}/commits/${commit}/status?limit=${perPage}`,
      perPage,
      mayGiveLess: true,
      get: (path: string) => ask({ method: "GET", path, headers }),
      // A commit without any has null for a list.
      list: (json: unknown) => (mappingOf(json).statuses === null ? [] : mappingOf(json).statuses),
      refuse,
    };
    for await (const { entries } of pagesOf(paging)) {
      const found = entries.find((one) => one.context === context);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function before(ask: SendOnce, commit: string, context: string, at: Timestamp) {
    const path = `${base}/commits/${commit}/statuses?limit=${perPage}`;
    const get = (path: string) => ask({ method: "GET", path, headers });
    const all = await allEntries({ apiUrl: asking.apiUrl, path, perPage, mayGiveLess: true, get, refuse });
    return asItWas(
      all.filter((one) => one.context === context),
      at,
    );
  }

  return {
    set: (commit, { context, state, description: text, url }: CommitStatus) =>
      unlessItStands(asking, async (ask) => {
        const description = oneLine(text, longest);
        const found = await standing(ask, commit, context);
        const stands =
          found?.status === state &&
          textOf(found.description) === description &&
          (textOf(found.target_url) ?? "") === (url ?? "");
        if (stands) return;
        const body = { state, context, description, target_url: url ?? "" };
        const response = await ask({ method: "POST", path: `${base}/statuses/${commit}`, headers, body });
        if (response.status !== 201) throw refuse(response);
      }),

    read: (commit, context, at) =>
      unlessItStands(asking, async (ask) => {
        const found = await (at === undefined ? standing(ask, commit, context) : before(ask, commit, context, at));
        return found && saidBy(found, found.status);
      }),
  };
}

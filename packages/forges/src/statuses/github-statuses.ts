import type { CommitStatus, Statuses, Timestamp } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, messageOf, type SendOnce, unlessItStands } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { allEntries, pagesOf } from "../pages.ts";
import { withReasons } from "../proposals/github-refusals.ts";
import { notTold } from "../telling/not-told.ts";
import { oneLine } from "../telling/one-line.ts";
import { asItWas } from "./as-it-was.ts";
import { saidBy } from "./said-by.ts";

const perPage = 100;
/** What GitHub takes as a description. */
const longest = 140;

/**
 * Statuses of GitHub (https://docs.github.com/en/rest/commits/statuses). It keeps each that was set, and takes at most
 * 1,000 of a commit and context. Contexts that differ in capitals only are one.
 */
export function createGithubStatuses(asking: AskingWithToken): Statuses {
  const { token, repository } = asking;
  const headers = githubHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const refuse = (response: ForgeResponse) => {
    const told = withReasons(response);
    return notTold("status", told, {
      target: repository,
      token,
      permission:
        "Put 'permissions: { statuses: write }' into the job, or give a token of an App or a fine-grained personal " +
        "access token with 'Commit statuses: write' as GLU_TOKEN.",
      missing: `Check the name ${repository}.`,
      invalid: /maximum number/i.test(messageOf(told, token))
        ? "GitHub takes no more statuses of this commit and context: push a commit."
        : `Check that the commit is in ${repository}.`,
    });
  };

  /** The one of a context that counts. GitHub gives each context once, with its latest. */
  async function standing(ask: SendOnce, commit: string, context: string) {
    const paging = {
      apiUrl: asking.apiUrl,
      path: `${base}/commits/${commit}/status?per_page=${perPage}`,
      perPage,
      get: (path: string) => ask({ method: "GET", path, headers }),
      list: (json: unknown) => mappingOf(json).statuses,
      refuse,
    };
    for await (const { entries } of pagesOf(paging)) {
      const found = entries.find((one) => textOf(one.context)?.toLowerCase() === context.toLowerCase());
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function before(ask: SendOnce, commit: string, context: string, at: Timestamp) {
    const path = `${base}/commits/${commit}/statuses?per_page=${perPage}`;
    const get = (path: string) => ask({ method: "GET", path, headers });
    const all = await allEntries({ apiUrl: asking.apiUrl, path, perPage, get, refuse });
    return asItWas(
      all.filter((one) => textOf(one.context)?.toLowerCase() === context.toLowerCase()),
      at,
    );
  }

  return {
    set: (commit, { context, state, description: text, url }: CommitStatus) =>
      unlessItStands(asking, async (ask) => {
        const description = oneLine(text, longest);
        const found = await standing(ask, commit, context);
        const stands =
          found?.state === state &&
          (textOf(found.description) ?? "") === description &&
          textOf(found.target_url) === url;
        if (stands) return;
        const body = { state, context, description, ...(url === undefined ? {} : { target_url: url }) };
        const response = await ask({ method: "POST", path: `${base}/statuses/${commit}`, headers, body });
        if (response.status !== 201) throw refuse(response);
      }),

    read: (commit, context, at) =>
      unlessItStands(asking, async (ask) => {
        const found = await (at === undefined ? standing(ask, commit, context) : before(ask, commit, context, at));
        return found && saidBy(found, found.state);
      }),
  };
}

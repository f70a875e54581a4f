import type { Comments, MergedPull } from "@glu/core";
import { githubIdentity } from "../actors/github-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, type SendOnce, unlessItStands, webLink } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { allEntries } from "../pages.ts";
import { authorOf } from "../proposals/github-pulls.ts";
import { withReasons } from "../proposals/github-refusals.ts";
import { notTold } from "../telling/not-told.ts";
import { type Said, stick, type Writing } from "./sticky.ts";

type Json = Readonly<Record<string, unknown>>;

const perPage = 100;

/** Comments on pull requests of GitHub (https://docs.github.com/en/rest/issues/comments). */
export function createGithubComments(asking: AskingWithToken): Comments {
  const { token, repository } = asking;
  const headers = githubHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("comment", withReasons(response), {
      target: repository,
      token,
      permission:
        "Put 'permissions: { contents: read, pull-requests: write }' into the job; for another repository than the " +
        "job's own give a token of an App or a fine-grained personal access token with 'Contents: read' and 'Pull " +
        `requests: write' on ${repository} as GLU_TOKEN.`,
      missing: `Check the name ${repository}.`,
      invalid: `Check that the commit is in ${repository}, and that the conversation is not locked.`,
    });

  const reading = <T>(path: string, read: (response: ForgeResponse) => T | undefined): Promise<T> =>
    unlessItStands(asking, async (ask) => {
      const response = await ask({ method: "GET", path: `${base}${path}`, headers });
      const found = response.status === 200 ? read(response) : undefined;
      if (found === undefined) throw refuse(response);
      return found;
    });

  const whoami = githubIdentity(asking, refuse);

  async function commentsOf(ask: SendOnce, pull: number): Promise<Said[]> {
    const all = await allEntries({
      apiUrl: asking.apiUrl,
      path: `${base}/issues/${pull}/comments?per_page=${perPage}`,
      perPage,
      get: (path) => ask({ method: "GET", path, headers }),
      refuse,
    });
    return all.map(saidOf);
  }

  const writing = (ask: SendOnce, pull: number): Writing => ({
    post: async (body) => {
      const response = await ask({ method: "POST", path: `${base}/issues/${pull}/comments`, headers, body: { body } });
      return pageIn(response, 201);
    },
    change: async (id, body) => {
      const response = await ask({ method: "PATCH", path: `${base}/issues/comments/${id}`, headers, body: { body } });
      return pageIn(response, 200);
    },
    remove: async (id) => {
      const response = await ask({ method: "DELETE", path: `${base}/issues/comments/${id}`, headers });
      if (response.status !== 204 && response.status !== 404) throw refuse(response);
    },
    page: ({ url }) => url,
  });

  function pageIn(response: ForgeResponse, done: number): string | undefined {
    if (response.status !== done) throw refuse(response);
    return webLink(textOf(mappingOf(response.json).html_url));
  }

  return {
    pullsOf: (commit) =>
      reading(`/commits/${commit}/pulls?per_page=${perPage}`, ({ json }) => {
        return listOf(json)?.flatMap((pull): MergedPull[] => mergedPull(pull, repository));
      }),

    between: (from, to) =>
      reading(`/compare/${from}...${to}?per_page=${perPage}`, ({ json }) => {
        const { commits, total_commits: total } = mappingOf(json);
        const shas = listOf(commits)?.flatMap(({ sha }) => textOf(sha) ?? []);
        return shas === undefined || typeof total !== "number" ? undefined : { commits: shas, total };
      }),

    async write(pull, key, textFor) {
      const me = await whoami();
      return unlessItStands(asking, async (ask) => {
        return stick({ key, me, all: await commentsOf(ask, pull) }, textFor, writing(ask, pull));
      });
    },
  };
}

const saidOf = (comment: Json): Said => ({
  id: Number(comment.id),
  author: authorOf(comment),
  body: textOf(comment.body) ?? "",
  url: webLink(textOf(comment.html_url)),
});

/** One of this repository; a commit of a fork may be in others, too. */
function mergedPull(pull: Json, repository: string): MergedPull[] {
  const into = textOf(mappingOf(mappingOf(pull.base).repo).full_name);
  const mergedAt = timeOf(pull.merged_at);
  const isHere = into?.toLowerCase() === repository.toLowerCase();
  return isHere && mergedAt !== undefined && typeof pull.number === "number" ? [{ number: pull.number, mergedAt }] : [];
}

import type { Comments } from "@glu/core";
import { giteaIdentity } from "../actors/gitea-identity.ts";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, type SendOnce, unlessItStands, webLink } from "../http.ts";
import { listOf, mappingOf, textOf, timeOf } from "../json.ts";
import { notTold } from "../telling/not-told.ts";
import { type Said, stick, type Writing } from "./sticky.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Comments on pull requests of Gitea and Forgejo. They know the pull request of the commit that merged it
 * (`/repos/{owner}/{repo}/commits/{sha}/pull`), and give all comments at once.
 */
export function createGiteaComments(asking: AskingWithToken): Comments {
  const { token, repository } = asking;
  const headers = giteaHeaders(token);
  const base = `/repos/${encodePath(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("comment", response, {
      target: repository,
      token,
      permission:
        "It needs 'permissions: { contents: read, pull-requests: write }' in the job, or a token with the scopes " +
        `'read:repository', 'write:issue' and 'read:user' of somebody who may comment in ${repository}, as GLU_TOKEN.`,
      missing: `Check the name ${repository}.`,
      invalid: "Check that the conversation is not locked.",
    });

  const identity = giteaIdentity(asking, refuse);

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
      unlessItStands(asking, async (ask) => {
        const response = await ask({ method: "GET", path: `${base}/commits/${commit}/pull`, headers });
        if (response.status === 404) {
          // That is what is said of a commit that came by none, and of a repository that cannot be seen.
          const itself = await ask({ method: "GET", path: base, headers });
          if (itself.status === 200) return [];
          throw refuse(itself);
        }
        const { number, merged_at: at } = mappingOf(response.json);
        if (response.status !== 200 || typeof number !== "number") throw refuse(response);
        const mergedAt = timeOf(at);
        return mergedAt === undefined ? [] : [{ number, mergedAt }];
      }),

    between: (from, to) =>
      unlessItStands(asking, async (ask) => {
        const response = await ask({ method: "GET", path: `${base}/compare/${from}...${to}`, headers });
        const { commits, total_commits: total } = mappingOf(response.json);
        const list = commits === null ? [] : listOf(commits);
        if (response.status !== 200 || list === undefined || typeof total !== "number") throw refuse(response);
        return { commits: list.flatMap(({ sha }) => textOf(sha) ?? []), total };
      }),

    async write(pull, key, textFor) {
      const { login: me } = await identity();
      return unlessItStands(asking, async (ask) => {
        // Of one that is not there the list of its comments is 500.
        const itself = await ask({ method: "GET", path: `${base}/pulls/${pull}`, headers });
        if (itself.status !== 200) throw refuse(itself);
        const known = await ask({ method: "GET", path: `${base}/issues/${pull}/comments`, headers });
        const all = known.status === 200 ? listOf(known.json) : undefined;
        if (all === undefined) throw refuse(known);
        return stick({ key, me, all: all.map(saidOf) }, textFor, writing(ask, pull));
      });
    },
  };
}

const saidOf = (comment: Json): Said => ({
  id: Number(comment.id),
  author: textOf(mappingOf(comment.user).login),
  body: textOf(comment.body) ?? "",
  url: webLink(textOf(comment.html_url)),
});

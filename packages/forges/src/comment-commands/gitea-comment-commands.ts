import { type CommentCommands, instant } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf, timeOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { allEntries } from "../pages.ts";
import { notTold } from "../telling/not-told.ts";
import { mayWrite } from "./may-write.ts";
import { reactTo } from "./react.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/** Commands in comments on pull requests of Gitea and Forgejo. Who may write, they tell administrators of the repository alone. */
export function createGiteaCommentCommands(asking: AskingWithToken): CommentCommands {
  const { token, repository } = asking;
  const headers = giteaHeaders(token);
  const explain = {
    target: repository,
    token,
    permission:
      "It needs a token with the scopes 'read:repository' and 'write:issue' of an administrator of " +
      `${repository}, as GLU_TOKEN: nobody else is told who may write there.`,
    missing: `Check the name ${repository}.`,
    invalid: "Check that the conversation is not locked.",
  };
  const refuse = (response: ForgeResponse) => notAnswered("actor", response, explain);
  return {
    mayWrite: (user) => mayWrite(user, { asking, headers, refuse }),

    async headSince({ number, head }) {
      const all = await allEntries({
        apiUrl: asking.apiUrl,
        path: `/repos/${encodePath(repository)}/issues/${number}/timeline?limit=${perPage}`,
        perPage,
        mayGiveLess: true,
        get: (path) => send({ method: "GET", path, headers }, asking),
        refuse,
      });
      const last = all.findLast(({ type }) => type === "pull_push");
      const at = last !== undefined && headIn(textOf(last.body)) === head ? timeOf(last.created_at) : undefined;
      return at === undefined ? undefined : instant(at);
    },

    react: (comment, reaction) =>
      reactTo(comment, reaction, {
        ...{ asking, headers },
        refuse: (response) => notTold("comment", response, explain),
      }),
  };
}

/** A push is told as JSON of its commits, the newest last; of one by force, the one before and the one after. */
function headIn(body = ""): string | undefined {
  try {
    const { commit_ids: ids } = mappingOf(JSON.parse(body));
    return Array.isArray(ids) ? textOf(ids.at(-1)) : undefined;
  } catch {
    return undefined;
  }
}

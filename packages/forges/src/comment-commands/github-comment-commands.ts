import { type CommentCommands, instant } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, send } from "../http.ts";
import { listOf, timeOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { withReasons } from "../proposals/github-refusals.ts";
import { notTold } from "../telling/not-told.ts";
import { mayWrite } from "./may-write.ts";
import { reactTo } from "./react.ts";

/** Commands in comments on pull requests of GitHub. */
export function createGithubCommentCommands(asking: AskingWithToken): CommentCommands {
  const { token, repository } = asking;
  const headers = githubHeaders(token);
  const explain = {
    target: repository,
    token,
    permission:
      "Put 'permissions: { contents: read, pull-requests: write }' into the job; for another repository than the job's " +
      "own give a token of an App with 'Metadata: read', 'Contents: read' and 'Pull requests: write' on it.",
    missing: `Check the name ${repository}.`,
    invalid: "Check that the conversation is not locked.",
  };
  return {
    mayWrite: (user) =>
      mayWrite(user, { asking, headers, refuse: (response) => notAnswered("actor", withReasons(response), explain) }),

    // Of one that was set back and forth the last push counts.
    async headSince({ head, branch }) {
      if (branch === undefined || head === "") return undefined;
      const query = new URLSearchParams({ ref: `refs/heads/${branch}`, direction: "desc", per_page: "100" });
      const path = `/repos/${encodePath(repository)}/activity?${query}`;
      const [last] = listOf((await send({ method: "GET", path, headers }, asking)).json) ?? [];
      const at = last?.after === head ? timeOf(last.timestamp) : undefined;
      return at === undefined ? undefined : instant(at);
    },

    react: (comment, reaction) =>
      reactTo(comment, reaction, {
        ...{ asking, headers },
        refuse: (response: ForgeResponse) => notTold("comment", withReasons(response), explain),
      }),
  };
}

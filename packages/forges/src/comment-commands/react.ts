import type { Reaction } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { encodePath, type ForgeResponse, send } from "../http.ts";

/** By the names that GitHub, Gitea and Forgejo share. */
const contents: Readonly<Record<Reaction, string>> = { done: "rocket", refused: "-1" };

/**
 * Reacts to a comment. The same of the same user is there once, so it may be sent again
 * (https://docs.github.com/en/rest/reactions/reactions#create-reaction-for-an-issue-comment).
 */
export async function reactTo(
  comment: number,
  reaction: Reaction,
  { asking, headers, refuse }: Reacting,
): Promise<void> {
  const path = `/repos/${encodePath(asking.repository)}/issues/comments/${comment}/reactions`;
  const body = { content: contents[reaction] };
  const response = await send({ method: "POST", path, headers, body, effect: "same" }, asking);
  if (response.status !== 200 && response.status !== 201) throw refuse(response);
}

interface Reacting {
  asking: AskingWithToken;
  headers: Record<string, string>;
  refuse(response: ForgeResponse): Error;
}

import type { CommentEvent } from "@glu/core";
import { numberAt, oneLine, textAt, timeOf } from "./payload.ts";

/** What a comment may say at most on these forges, and more. */
const longest = 262_144;

const partOf = (payload: unknown, key: string): unknown =>
  typeof payload === "object" && payload !== null && Object.hasOwn(payload, key)
    ? (payload as Record<string, unknown>)[key]
    : undefined;

/**
 * GitHub's, and Gitea's and Forgejo's
 * (https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment). A pull request is an issue there that
 * says it is one; Gitea says `is_pull`, too. Undefined: it does not say what somebody who is known wrote where.
 */
export function commentIn(payload: unknown): CommentEvent | undefined {
  const [issue, comment] = [partOf(payload, "issue"), partOf(payload, "comment")];
  const [id, number] = [numberAt(comment, "id"), numberAt(issue, "number")];
  const author = oneLine(textAt(comment, "user", "login"));
  const createdAt = timeOf(textAt(comment, "created_at"));
  if (id === undefined || number === undefined || author === undefined || createdAt === undefined) return undefined;
  const link = partOf(issue, "pull_request");
  const isPull = (typeof link === "object" && link !== null) || partOf(payload, "is_pull") === true;
  return {
    ...{ id, author, createdAt, pull: isPull ? number : undefined },
    action: oneLine(textAt(payload, "action")),
    body: (textAt(comment, "body") ?? "").slice(0, longest),
    pullUpdatedAt: timeOf(textAt(issue, "updated_at")),
  };
}

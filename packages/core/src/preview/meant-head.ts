import type { CommentEvent } from "../model/comment-event.ts";
import { type Sha, sha } from "../model/names.ts";
import type { Pull } from "../ports/pulls.ts";
import type { CommentCommand } from "./comment-command.ts";

/** Which commit a comment means, or why that is not known. */
export type MeantHead = { head: Sha } | { head: undefined; seen: string };

/**
 * The commit that `/preview up` means. One that is named is that, whoever pushed what meanwhile. Without a name it is the
 * head at the time of the comment, and only where the forge says that it still is: never of a fork, where somebody else
 * may put a commit there between the look and the comment.
 * @param headSince since when the head is at this commit by the forge's clock, in milliseconds since the epoch; asked
 *   only where the pull request has changed since the comment, and undefined where the forge does not tell
 */
export async function meantHead(
  command: CommentCommand & { verb: "up" },
  { createdAt, pullUpdatedAt }: CommentEvent,
  live: Pull,
  headSince: () => Promise<number | undefined>,
): Promise<MeantHead> {
  if (command.sha !== undefined) return { head: command.sha };
  if (live.head === "") return { head: undefined, seen: "the forge does not tell its head" };
  if (live.fromFork) return { head: undefined, seen: "it comes from a fork, and the comment names no commit" };
  const isUnchanged = live.updatedAt <= Math.max(createdAt, pullUpdatedAt ?? 0);
  if (isUnchanged) return { head: sha(live.head) };
  const since = await headSince();
  if (since !== undefined && since < createdAt) return { head: sha(live.head) };
  const seen =
    since === undefined
      ? "whether somebody pushed after the comment cannot be told, and it names no commit"
      : "somebody pushed after the comment, and it names no commit";
  return { head: undefined, seen };
}

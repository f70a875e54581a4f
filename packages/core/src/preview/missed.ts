import { timestamp } from "../model/names.ts";
import type { Preview } from "../model/preview.ts";
import type { Pull } from "../ports/pulls.ts";

/** What may have kept a job from doing it, where nothing is known of it. */
const noJob = "no job of that took its preview down: none was started, or it failed or was cancelled";

/** Why a close has taken nothing down, in words, as exactly as the forge tells. @param live undefined: there is none */
export function missedClose(number: number, live: Pull | undefined): string {
  if (live === undefined) return `#${number} does not exist any more`;
  const { ending, closedAt } = live;
  const how = ending?.merged === true ? "merged" : "closed";
  const by = ending?.by === undefined ? "" : ` by ${ending.by}`;
  const told = `#${number} was ${how}${by}${closedAt === undefined ? "" : ` at ${timestamp(closedAt)}`}`;
  if (ending?.byJobToken === true) return `${told}: what the built-in token of a job does sends no event`;
  if (ending?.hasConflicts === true) {
    return `${told}, with conflicts: on: pull_request starts no job then, on: pull_request_target does`;
  }
  return `${told}, and ${noJob}`;
}

/**
 * Whether a record is of another repository than the one that its app has now: then its number means nothing there. One
 * that was only renamed still has its commit at the head.
 */
export function isElsewhere(preview: Preview, repository: string | undefined, live: Pull | undefined): boolean {
  if (preview.repository === undefined || repository === undefined) return false;
  return preview.repository.toLowerCase() !== repository.toLowerCase() && live?.head !== preview.head;
}

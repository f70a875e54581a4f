import { instant, type Sha } from "../model/names.ts";
import type { Preview, Tombstone } from "../model/preview.ts";
import type { Pull } from "../ports/pulls.ts";

/** What stands of a preview at a tip. */
export interface Standing {
  preview: Preview | undefined;
  tombstone: Tombstone | undefined;
}

/** A time that the forge has given an event, never this machine's. */
export interface EventTime {
  /** Milliseconds since the epoch. */
  clock: number;
  /**
   * It is the pull request's own time, such as that of its last change: an answer of the forge that is older is of a copy
   * that lags behind. False for that of a pipeline or job, which may have been started again long after.
   */
  isOwn: boolean;
}

/** A push, or whatever else a pull request has now. */
export interface Event extends EventTime {
  head: Sha;
}

export type UpVerdict =
  | { may: true; clock: number }
  | { may: false; why: "closed" | "gone" | "overtaken"; seen: string };

/**
 * Whether an event may bring a preview up, or up to date. Events arrive late, twice and out of order, and jobs are run
 * again: what is older than what stands there changes nothing, and where two are of the same time, closed wins.
 * That the forge says it is open overrules an earlier close; not that somebody, or its age, took it down while it was open:
 * a job of before is no reason to bring it back, what happens later is.
 * @param live what the forge says now, where it was asked: it has the last word, unless it is older than the event
 * @param byName somebody asks for it now, and no event: so it comes back, whatever took it down
 */
export function mayGoUp(
  { preview, tombstone }: Standing,
  event: Event,
  { live, byName }: { live: Pull | undefined; byName: boolean },
): UpVerdict {
  const now = upToDate(live, event);
  if (now?.isOpen === false) return no("closed", "the pull request is closed");
  if (now !== undefined && now.head !== event.head) return no("overtaken", `its head is ${now.head.slice(0, 7)} now`);
  const clock = Math.max(event.clock, now?.updatedAt ?? 0);
  if (tombstone !== undefined) {
    const [gone, isOfClose] = [instant(tombstone.clock), tombstone.because === "closed"];
    if (isOfClose && gone >= clock) return no("closed", `it was closed at ${tombstone.clock}`);
    if (!isOfClose && !byName && gone >= event.clock) {
      return no("gone", `it was taken down (${tombstone.because}), and nothing has happened since ${tombstone.clock}`);
    }
  }
  if (preview !== undefined && instant(preview.clock) > clock) {
    return no("overtaken", `what stands there is of ${preview.clock}`);
  }
  return { may: true, clock };
}

export type DownVerdict =
  | { may: true; clock: number }
  | { may: false; why: "open" | "overtaken" | "before"; seen: string };

/**
 * Whether an event may take a preview down. What nobody has made yet is closed as well: its tombstone keeps the job that
 * would make it, and comes late.
 * @param byName somebody asked for it, so it goes although the pull request is open
 */
export function mayGoDown(
  { preview, tombstone }: Standing,
  event: EventTime,
  { live, byName }: { live: Pull | undefined; byName: boolean },
): DownVerdict {
  const now = upToDate(live, event);
  if (now?.isOpen === true && !byName) return { may: false, why: "open", seen: "the pull request is open" };
  const clock = closeOf(now, event);
  if (preview !== undefined && instant(preview.clock) > clock) {
    return { may: false, why: "overtaken", seen: `what stands there is of ${preview.clock}` };
  }
  if (preview === undefined && tombstone !== undefined && instant(tombstone.clock) >= clock) {
    return { may: false, why: "before", seen: `it was closed at ${tombstone.clock}` };
  }
  return { may: true, clock: Math.max(clock, tombstone === undefined ? 0 : instant(tombstone.clock)) };
}

const upToDate = (live: Pull | undefined, { clock, isOwn }: EventTime): Pull | undefined =>
  live !== undefined && isOwn && live.updatedAt < clock ? undefined : live;

/** What closed it last has closed it, be the event of an earlier close, or of a job that was started later. */
function closeOf(live: Pull | undefined, { clock, isOwn }: EventTime): number {
  if (live?.isOpen !== false || live.closedAt === undefined) return clock;
  return isOwn ? Math.max(clock, live.closedAt) : live.closedAt;
}

const no = (why: "closed" | "gone" | "overtaken", seen: string): UpVerdict => ({ may: false, why, seen });

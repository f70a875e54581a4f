import { type Timestamp, timestamp } from "../model/names.ts";
import type { Verification } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";

/** What is known of a release that waits for its verification. */
export interface AwaitedVerdict {
  state: "committed" | "synced";
  /** Since when it is that; undefined: it was merged, and when is not written down yet. */
  since: Timestamp | undefined;
  /** Until when it has time; undefined: from the first look, since nobody has looked in its time. */
  until: Timestamp | undefined;
  /** What was seen when its state was written down; undefined: nobody has looked. */
  seen: string | undefined;
}

/**
 * What is known of a release without looking at it; undefined: nothing is verified there, or it is decided. Pure.
 * @param now milliseconds since the epoch
 */
export function awaitedVerdict(
  { state, releasedAt, verification }: Release,
  verify: Verification | undefined,
  now: number,
): AwaitedVerdict | undefined {
  if (verify === undefined || (state !== "committed" && state !== "synced")) return undefined;
  const since = state === "synced" ? (verification?.at ?? releasedAt) : releasedAt;
  const { ends, isLate } =
    releasedAt === null
      ? { ends: undefined, isLate: false }
      : timeOf({ releasedAt, verification }, verify.within, now, undefined);
  return {
    state,
    since: since === null ? undefined : timestamp(Date.parse(since)),
    until: ends === undefined || isLate ? undefined : timestamp(ends),
    seen: verification?.seen,
  };
}

/**
 * When the time of a release is over; `isLate` when that is so and nobody has looked at it before.
 * @param begun when whoever looks has begun to; undefined: now
 */
export function timeOf(
  { releasedAt, verification }: Pick<Release, "verification"> & { releasedAt: string },
  within: number,
  now: number,
  begun: number | undefined,
): { ends: number; isLate: boolean } {
  const ends = Date.parse(releasedAt) + within;
  const lookedAt = verification === undefined ? begun : Date.parse(verification.at);
  if (lookedAt === undefined) return { ends, isLate: now >= ends };
  return { ends: lookedAt < ends ? ends : lookedAt + within, isLate: false };
}

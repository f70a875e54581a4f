import { type Evaluated, onlyWaits } from "../decide/decide.ts";
import { formatDuration } from "../model/duration.ts";
import { type Timestamp, timestamp } from "../model/names.ts";
import type { Verification } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import { timeOf } from "./awaited-verdict.ts";
import { heldUntilThere, isThere } from "./held-until-there.ts";

/** What was seen of a release, and what that makes of it. */
export interface Verdict {
  state: Release["state"];
  /** One sentence: why. */
  seen: string;
  /** Whether the record has to say so. */
  isNews: boolean;
  /** Until when what is not met may still be; undefined when it is decided, or when nobody knows. */
  until: Timestamp | undefined;
}

/** Somebody who looks again and again, for a while. */
export interface Watch {
  /** The first look, in milliseconds since the epoch. */
  begun: number;
  /** Whether this look is the last. */
  isLast: boolean;
}

type Verified = Pick<Release, "state" | "verification"> & { releasedAt: string };

/**
 * What becomes of a release. All that is verified is met: it is healthy. Something is refused, or not met when the time
 * is over: it failed; see `heldUntilThere` for what is refused too early. What nobody knows fails nothing, and what is
 * measured since the release arrived has the time that takes. Who looks for the first time when the time is over already gives it once more: an outage of what looks is none of the release. Pure.
 */
export function verdictOf(
  release: Verified,
  evaluated: readonly Evaluated[],
  { within }: Pick<Verification, "within">,
  now: number,
  watch?: Watch,
): Verdict {
  const unmet = evaluated.filter(({ result }) => !result.met);
  const counting = heldUntilThere(evaluated, release);
  const known = unmet.filter(({ unknown }) => unknown !== true);
  const say = (some: readonly Evaluated[]) => {
    const reasons = some.filter(({ result }) => !onlyWaits(result));
    return (reasons.length > 0 ? reasons : some).map(({ result }) => `${result.name}: ${result.seen}`).join("; ");
  };
  const decided = (state: "healthy" | "failed", seen: string): Verdict => {
    return { state, seen, isNews: true, until: undefined };
  };
  if (unmet.length === 0) return decided("healthy", say(evaluated));
  const refused = counting.filter(({ result, unknown }) => {
    return !result.met && unknown !== true && result.outcome === "refused";
  });
  if (refused.length > 0) return decided("failed", say(refused));
  const { ends, isLate } = timeOf(release, within, now, watch?.begun);
  const isOver = now >= ends;
  const failing = known.filter(({ goodSoFar }) => goodSoFar !== true);
  if (isOver && failing.length > 0 && !isLate) {
    return decided("failed", `not within ${formatDuration(within)}: ${say(failing)}`);
  }
  const state = release.state === "synced" || isThere(evaluated) === true ? "synced" : "committed";
  // The first look is written down, or the last of who goes on looking: who looks next could not tell whether it had its time.
  const isKept = watch === undefined || watch.isLast;
  const isBegun = known.length > 0 && release.verification === undefined && isKept;
  const measured = known.flatMap(({ goodSoFar, result }) =>
    goodSoFar === true ? Date.parse(result.clearsAt ?? "") : [],
  );
  const lasts = Math.max(isOver ? (isBegun ? now + within : 0) : ends, ...measured);
  const until = lasts > 0 ? timestamp(lasts) : undefined;
  return { state, seen: say(unmet), isNews: state !== release.state || isBegun, until };
}

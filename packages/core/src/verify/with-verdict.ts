import { digestOf, sameArtifact } from "../artifact/digest.ts";
import { type RequestId, timestamp } from "../model/names.ts";
import type { Verification } from "../model/pipeline.ts";
import type { Actor, Rejection, Release, ReleaseRecord } from "../model/record.ts";
import type { Verdict } from "./verdict.ts";

/** What a record keeps of what was seen; the run's summary has all of it. */
const longestSeen = 500;

/** Who found out, when, and by which request. */
export interface FoundBy {
  request: RequestId;
  actor: Actor;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * The record whose current release is what was seen of it. What failed is rejected there, unless people are only told.
 * Pure.
 */
export function withVerdict(
  record: ReleaseRecord,
  verdict: Verdict,
  { onFailure }: Pick<Verification, "onFailure">,
  { request, actor, now }: FoundBy,
): ReleaseRecord {
  const { current } = record;
  if (current === null) throw new Error("only what is released is verified");
  const at = timestamp(now);
  const seen = clipped(verdict.seen);
  const release: Release = {
    ...current,
    ...(verdict.state === "healthy" ? { verifiedAt: at } : {}),
    state: verdict.state,
    verification: { at, seen },
  };
  if (verdict.state !== "failed" || onFailure === "notify") return { ...record, current: release };
  const { artifact } = current;
  const rejection: Rejection = {
    artifact: artifact.id,
    digest: digestOf(artifact),
    reason: `failed: ${seen}`,
    ...{ actor, at, request },
  };
  const others = record.rejected.filter((one) => one.artifact !== artifact.id);
  return { ...record, current: release, rejected: [rejection, ...others] };
}

/** Whether a record's current release is the one that was looked at, and nobody has found out before. */
export const isStillPending = ({ current }: ReleaseRecord, release: Release): boolean =>
  current !== null &&
  current.request === release.request &&
  sameArtifact(current.artifact, release.artifact) &&
  isPending(current);

/** Whether a record says already, by another run that looked at the same time, what this look found. */
export const isKnown = (verdict: Pick<Verdict, "state">, { state, verification }: Release): boolean =>
  verdict.state === "committed" ? verification !== undefined : verdict.state === state;

/** Whether a release can still become healthy or fail. */
export const isPending = ({ state, releasedAt }: Release): boolean =>
  releasedAt !== null && (state === "committed" || state === "synced");

/** One line without what is not seen, that ends where it is too long for a record. */
function clipped(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return line.length <= longestSeen ? line : `${[...line].slice(0, longestSeen - 1).join("")}…`;
}

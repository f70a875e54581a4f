import type { Release } from "../model/record.ts";
import type { ReleaseMark } from "../model/release-words.ts";
import { isCalled } from "../rollback/find-release.ts";
import type { MarkedRelease } from "./marks.ts";

/** Which releases are told; what is absent or empty filters nothing. */
export interface HistoryFilter {
  /** Milliseconds since the epoch. */
  since?: number | undefined;
  /** The first that is too late. */
  until?: number | undefined;
  kinds: readonly Release["kind"][];
  states: readonly Release["state"][];
  marks: readonly ReleaseMark[];
  actors: readonly string[];
  /** Versions, ids, digests or source commits. */
  artifacts: readonly string[];
}

/** When it was released; of what is merged at an unknown time, when it was decided. Milliseconds since the epoch. */
export const timeOf = ({ releasedAt, decidedAt }: Release): number => Date.parse(releasedAt ?? decidedAt);

/** Whether a release passes every filter that is given. */
export function passesFilter({ release, marks }: MarkedRelease, filter: HistoryFilter): boolean {
  const at = timeOf(release);
  return (
    at >= (filter.since ?? Number.NEGATIVE_INFINITY) &&
    at < (filter.until ?? Number.POSITIVE_INFINITY) &&
    isAmong(release.kind, filter.kinds) &&
    isAmong(release.state, filter.states) &&
    isAmong(release.actor.name, filter.actors) &&
    (filter.marks.length === 0 || filter.marks.some((mark) => marks.includes(mark))) &&
    (filter.artifacts.length === 0 || filter.artifacts.some((name) => isCalled(release.artifact, name)))
  );
}

const isAmong = <T>(value: T, wanted: readonly T[]): boolean => wanted.length === 0 || wanted.includes(value);

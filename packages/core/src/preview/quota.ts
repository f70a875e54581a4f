import { instant } from "../model/names.ts";
import type { Preview } from "../model/preview.ts";
import type { PreviewSettings } from "./options.ts";

/** Whether one more may be made, and what goes for it. */
export type Room =
  | { kind: "room"; evicted: readonly Preview[] }
  | { kind: "full"; limit: number; seen: number; of: string };

/** What is older than its last event by less is being looked at, and is not evicted. Milliseconds. */
const leastIdle = 3_600_000;

/**
 * Room for one more preview. The limit of an author is met by what this author opened; what goes is what was idle longest.
 * @param previews those that are there, without the one that is asked for
 * @param author who opened the pull request; undefined: nobody knows, and nobody's limit is looked at
 */
export function roomFor(
  previews: readonly Preview[],
  author: string | undefined,
  { limit, limitPerAuthor, onLimit }: Pick<PreviewSettings, "limit" | "limitPerAuthor" | "onLimit">,
  now: number,
): Room {
  const evicted: Preview[] = [];
  const bounds: { most: number | undefined; of: string; counts: (one: Preview) => boolean }[] = [
    ...(author === undefined
      ? []
      : [{ most: limitPerAuthor, of: `of ${author}`, counts: (one: Preview) => one.author === author }]),
    { most: limit, of: "in all", counts: () => true },
  ];
  for (const { most, of, counts } of bounds) {
    if (most === undefined) continue;
    const there = previews.filter((one) => counts(one) && !evicted.includes(one));
    const over = there.length + 1 - most;
    if (over <= 0) continue;
    const idle = there
      .filter(
        ({ clock, keepUntil }) =>
          now - instant(clock) >= leastIdle && (keepUntil === undefined || instant(keepUntil) <= now),
      )
      .sort((a, b) => instant(a.clock) - instant(b.clock));
    if (onLimit === "fail" || idle.length < over || most === 0) {
      return { kind: "full", limit: most, seen: there.length, of };
    }
    evicted.push(...idle.slice(0, over));
  }
  return { kind: "room", evicted };
}

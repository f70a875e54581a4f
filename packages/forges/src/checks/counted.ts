import { type CommitCheck, ownContexts } from "@glu/core";

/** A check as a forge lists it. */
export interface ListedCheck extends CommitCheck {
  /** What another one of the same name takes the place of, such as the app that made it. */
  of: string;
  /** The larger, the newer. */
  order: number;
  /** It is of the run that asks. */
  isOwn: boolean;
}

/**
 * Of each name the newest, without Glu's own statuses and what the run that asks has not finished. The newest is chosen
 * first: what an earlier attempt of this run said is over.
 */
export function counted(listed: readonly ListedCheck[]): CommitCheck[] {
  const newest = new Map<string, ListedCheck>();
  for (const check of listed) {
    if (check.name.startsWith(ownContexts)) continue;
    const key = JSON.stringify([check.of, check.name]);
    const known = newest.get(key);
    if (known === undefined || known.order < check.order) newest.set(key, check);
  }
  return [...newest.values()]
    .filter(({ isOwn, state }) => !isOwn || state === "succeeded" || state === "failed")
    .map(({ name, state, said, since, url }) => ({ name, state, said, since, url }));
}

/** A time of an answer, in milliseconds since the epoch; undefined for what is none. */
export function sinceOf(...times: readonly unknown[]): number | undefined {
  for (const time of times) {
    const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
    if (!Number.isNaN(at) && at > 0) return at;
  }
  return undefined;
}

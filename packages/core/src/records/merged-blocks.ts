import type { Sha } from "../model/names.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { parseTrailers, type TrailerBlock } from "./trailers.ts";

/** What the commit of a branch says that it did in a place. */
export interface Told {
  entry: LogEntry;
  block: TrailerBlock;
}

/** Merge commits that are looked into, each by itself: those that name a branch of Glu, and others. */
const [named, others] = [200, 20];
/** Commits of what was merged among which Glu's is looked for: people bring it up to date. */
const deep = 10;

/** What commits say themselves, as those that Glu pushed and squash merges do. */
export const toldByThemselves = (entries: readonly LogEntry[]): Told[] =>
  entries.flatMap((entry) => parseTrailers(entry.message).map((block) => ({ entry, block })));

/**
 * What merge commits brought that say nothing of it themselves, newest first: a proposal that was merged by one has the
 * words of Glu below it. What the branch had before is none of it.
 * @param entries of the branch, from its tip
 * @param environment whose proposals are looked for first: forges name the branch in the commit
 */
export async function* toldByMerges(
  tip: Snapshot,
  entries: readonly LogEntry[],
  environment: string,
): AsyncGenerator<Told> {
  const line = new Set<Sha>(entries.map(({ commit }) => commit));
  const merges = entries.filter(({ merged, message }) => merged.length > 0 && parseTrailers(message).length === 0);
  const isNamed = ({ message }: LogEntry) => message.includes(`glu/${environment}/`);
  const looked = new Set([
    ...merges.filter(isNamed).slice(0, named),
    ...merges.filter((one) => !isNamed(one)).slice(0, others),
  ]);
  for (const entry of merges.filter((one) => looked.has(one))) {
    for (const commit of entry.merged) {
      const log = await (await tip.at(commit)).log(deep);
      const end = log.findIndex((one) => line.has(one.commit));
      const own = toldByThemselves(end < 0 ? log : log.slice(0, end));
      for (const { block } of own) yield { entry, block };
    }
  }
}

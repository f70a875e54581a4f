import type { RepoPath } from "../model/names.ts";
import type { LogEntry } from "../ports/config-repository.ts";
import type { TipReader } from "../state/tip-reader.ts";
import type { History } from "./history.ts";

/** A commit, and the one before it. */
export interface Step {
  entry: LogEntry;
  before: LogEntry;
}

/** Whether files say what they say now. */
export interface Looked {
  path: RepoPath;
  isAsNow(files: TipReader): boolean;
}

/**
 * A commit that made a place what it is now: it is so there, and was not in the commit before. Looked for by halves
 * between the tip and the newest commit that is known to be otherwise, so that a long history costs few reads.
 * Undefined when the history that was read does not tell.
 * @param spans commits down to one at which it may have been otherwise: tried first, in turn
 */
export async function whoChanged(
  history: History,
  { path, isAsNow }: Looked,
  spans: readonly (readonly LogEntry[] | undefined)[],
): Promise<Step | undefined> {
  const isSo = async (entry: LogEntry): Promise<boolean> => {
    const files = await history.at(entry.commit);
    await files.load([path]);
    return isAsNow(files);
  };
  const halve = async (entries: readonly LogEntry[]): Promise<Step> => {
    let [so, otherwise] = [0, entries.length - 1];
    while (otherwise - so > 1) {
      const middle = (so + otherwise) >> 1;
      if (await isSo(entries[middle] as LogEntry)) so = middle;
      else otherwise = middle;
    }
    return { entry: entries[so] as LogEntry, before: entries[otherwise] as LogEntry };
  };
  const tryIn = async (entries: readonly LogEntry[]): Promise<Step | undefined> => {
    const oldest = entries.at(-1);
    return oldest === undefined || entries.length < 2 || (await isSo(oldest)) ? undefined : halve(entries);
  };
  for (const entries of spans) {
    const step = entries === undefined ? undefined : await tryIn(entries);
    if (step !== undefined) return step;
  }
  for await (const entries of history.growing()) {
    const step = await tryIn(entries);
    if (step !== undefined) return step;
  }
  return undefined;
}

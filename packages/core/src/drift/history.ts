import type { Sha } from "../model/names.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { carriesRequest } from "../records/trailers.ts";
import { TipReader } from "../state/tip-reader.ts";
import type { ChangedBy } from "./options.ts";

/** How far back is looked, in growing steps: most changes are among the newest commits. */
const steps = [50, 500, 5000] as const;

/** The commits of a branch, newest first, and the files at each of them, read once. */
export class History {
  readonly #tip: Snapshot;
  readonly #readers = new Map<Sha, Promise<TipReader>>();

  /** @param now reads the tip; what it has read is not read again */
  constructor(tip: Snapshot, now: TipReader) {
    this.#tip = tip;
    this.#readers.set(tip.commit, Promise.resolve(now));
  }

  /** The commits down to the newest that is meant, and that one last; undefined when history does not have it. */
  async downTo(isMeant: (entry: LogEntry) => boolean): Promise<readonly LogEntry[] | undefined> {
    for await (const entries of this.growing()) {
      const at = entries.findIndex(isMeant);
      if (at >= 0) return entries.slice(0, at + 1);
    }
    return undefined;
  }

  /** More and more of the history, until it ends or is too long. */
  async *growing(): AsyncGenerator<readonly LogEntry[]> {
    for (const limit of steps) {
      const entries = await this.#tip.log(limit);
      yield entries;
      if (entries.length < limit) return;
    }
  }

  /** The files at a commit of the history. */
  at(commit: Sha): Promise<TipReader> {
    const known = this.#readers.get(commit) ?? this.#tip.at(commit).then((snapshot) => new TipReader(snapshot));
    this.#readers.set(commit, known);
    return known;
  }
}

/** A commit as findings name it. */
export function changedBy({ commit, committedAt, authorName, message }: LogEntry): ChangedBy {
  const subject = message.trimStart().split(/\r?\n/, 1)[0] ?? "";
  return { commit, committedAt, author: authorName, subject, byGlu: carriesRequest(message) };
}

import { GluError } from "../errors.ts";
import type { Sha } from "../model/names.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { carriesRequest } from "../records/trailers.ts";
import { TipReader } from "../state/tip-reader.ts";
import type { ChangedBy } from "./options.ts";

/** How far back is looked, in growing steps: most changes are among the newest commits. */
const steps = [50, 500, 5000] as const;

/** How far two lines of commits are followed to where they part. */
const farthest = 500;

/** What a push brought whose commits do not follow the one before it along first parents. */
export interface Apart {
  tip: LogEntry;
  /** The branch before the push. */
  before: LogEntry;
  /** What is not in the line of the one before, newest first; none when the branch was only taken back. */
  own: readonly LogEntry[];
  /** Where both lines part; undefined when that is too far back. */
  base: LogEntry | undefined;
}

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

  /** How the branch differs from another line of commits; undefined when that one cannot be read. */
  async apartFrom(other: string): Promise<Apart | undefined> {
    const there = await this.#tip.at(other as Sha).catch(unlessGlu);
    if (there === undefined) return undefined;
    const [here, line] = [await this.#tip.log(farthest), await there.log(farthest)];
    const [[tip], [before]] = [here, line];
    if (tip === undefined || before === undefined) return undefined;
    this.#readers.set(there.commit, Promise.resolve(new TipReader(there)));
    const known = new Set(line.map(({ commit }) => commit));
    const at = here.findIndex(({ commit }) => known.has(commit));
    return { tip, before, own: at < 0 ? here : here.slice(0, at), base: here[at] };
  }

  /** What a commit says; undefined when it cannot be read. */
  async messageOf(commit: Sha): Promise<string | undefined> {
    const there = await this.#tip.at(commit).catch(unlessGlu);
    return (await there?.log(1))?.[0]?.message;
  }

  /** The files at a commit of the history. */
  at(commit: Sha): Promise<TipReader> {
    const known = this.#readers.get(commit) ?? this.#tip.at(commit).then((snapshot) => new TipReader(snapshot));
    this.#readers.set(commit, known);
    return known;
  }
}

function unlessGlu(error: unknown): undefined {
  if (!(error instanceof GluError)) throw error;
}

/** A commit as findings name it. */
export function changedBy({ commit, committedAt, authorName, message }: LogEntry): ChangedBy {
  const subject = message.trimStart().split(/\r?\n/, 1)[0] ?? "";
  return { commit, committedAt, author: authorName, subject, byGlu: carriesRequest(message) };
}

import type { AppName, EnvName } from "../model/names.ts";
import type { Release, ReleaseRecord } from "../model/record.ts";
import { recordPath } from "../model/record.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { RollbackTarget } from "./target.ts";

/** Commits of the branch that are looked through. */
const looked = 5000;

/** Releases that a record no longer holds, as the branch had them. */
export class PastReleases {
  readonly #tip: Snapshot;

  constructor(tip: Snapshot) {
    this.#tip = tip;
  }

  /**
   * What ran in a place at a time or a commit; undefined when the history does not tell. For a name that is no commit
   * nothing is found.
   */
  async find({ app, environment }: ReleaseRecord, target: RollbackTarget): Promise<Release | undefined> {
    const entries = await this.#tip.log(looked);
    const entry = entryOf(entries, target);
    if (entry === undefined) return undefined;
    return this.at(entry, app as AppName, environment as EnvName);
  }

  /** The current release of a place at a commit. */
  async at({ commit }: Pick<LogEntry, "commit">, app: AppName, environment: EnvName): Promise<Release | undefined> {
    const then = await this.#tip.at(commit);
    const files = await then.read(documentPaths([recordPath(app, environment)]));
    return ifReadable(() => readCurrent(files, app, environment)) ?? undefined;
  }
}

function entryOf(entries: readonly LogEntry[], target: RollbackTarget): LogEntry | undefined {
  if (target.kind === "time") return entries.find(({ committedAt }) => Date.parse(committedAt) <= target.at);
  if (target.kind === "named" && /^[0-9a-f]{7,64}$/.test(target.name)) {
    return entries.find(({ commit }) => commit.startsWith(target.name));
  }
  return undefined;
}

import type { AppName, EnvName, RepoPath, Sha } from "../model/names.ts";
import { type Release, type ReleaseRecord, recordPath } from "../model/record.ts";
import type { FileAt, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Place } from "../state/tips.ts";
import type { RollbackTarget } from "./target.ts";

/** Commits of the branch that are looked through. */
const looked = 5000;

/** A release that is gone back to, and the commit at which it was found, where it was not the record that told it. */
export interface GoneBackTo {
  release: Release;
  commit?: Sha;
}

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
  async find({ app, environment }: ReleaseRecord, target: RollbackTarget): Promise<GoneBackTo | undefined> {
    const entry = entryOf(await this.#tip.log(looked), target);
    if (entry === undefined) return undefined;
    const then = await this.#tip.at(entry.commit);
    const [name, env] = [app as AppName, environment as EnvName];
    const files = await then.read(documentPaths([recordPath(name, env)]));
    const release = ifReadable(() => readCurrent(files, name, env));
    return release ? { release, commit: entry.commit } : undefined;
  }

  /** The commit that made a release; undefined when the history does not have it, or no longer. */
  async commitOf({ request }: Release, { app, environment }: Place): Promise<Sha | undefined> {
    return (await findRequest(this.#tip, { request, app, environment }))?.commit;
  }

  /** Files at a commit. */
  async read(commit: Sha, paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>> {
    return (await this.#tip.at(commit)).read(paths);
  }
}

function entryOf(entries: readonly LogEntry[], target: RollbackTarget): LogEntry | undefined {
  if (target.kind === "time") return entries.find(({ committedAt }) => Date.parse(committedAt) <= target.at);
  if (target.kind === "named" && /^[0-9a-f]{7,64}$/.test(target.name)) {
    return entries.find(({ commit }) => commit.startsWith(target.name));
  }
  return undefined;
}

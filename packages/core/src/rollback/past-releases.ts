import type { Artifact } from "../model/artifact.ts";
import type { AppName, EnvName, RepoPath, Sha } from "../model/names.ts";
import {
  emptyRecord,
  historyLimit,
  type Release,
  type ReleaseRecord,
  recordPath,
  releaseKinds,
} from "../model/record.ts";
import type { FileAt, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import { documentPaths, readCurrent, readRecord } from "../records/documents.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";
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

  /**
   * The record of a place as the branch last had it, where its tip has none; else what the messages of commits tell, as
   * far as their artifacts are there. Undefined: the history knows of no release.
   * @param artifact reads an artifact by its id; undefined where there is none
   */
  async lastRecord(
    place: Place,
    artifact: (id: string) => Promise<Artifact | undefined>,
  ): Promise<ReleaseRecord | undefined> {
    const told = toldOf(await this.#tip.log(looked), place);
    for (const { entry } of told.slice(0, triedCommits)) {
      const then = await this.#tip.at(entry.commit);
      const files = await then.read(documentPaths([recordPath(place.app, place.environment)]));
      const record = ifReadable(() => readRecord(files, place.app, place.environment));
      if (record !== undefined && record.current !== null) return record;
    }
    const released: Release[] = [];
    for (const one of told.slice(0, historyLimit)) {
      const found = await artifact(one.block.artifact ?? "");
      if (found !== undefined) released.push(releaseTold(one, found));
    }
    const [current, ...history] = released;
    return current && { ...emptyRecord(place.app, place.environment), current, history };
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

interface Told {
  entry: LogEntry;
  block: TrailerBlock;
}

/** Commits that are looked at for a record that they may still have. */
const triedCommits = 3;

/** What commits say that they released in a place, newest first. */
function toldOf(entries: readonly LogEntry[], { app, environment }: Place): Told[] {
  return entries.flatMap((entry) =>
    parseTrailers(entry.message)
      .filter((block) => block.app === app && block.environment === environment && isRelease(block))
      .map((block) => ({ entry, block })),
  );
}

const isRelease = ({ kind, artifact }: TrailerBlock): boolean =>
  artifact !== undefined && (releaseKinds as readonly string[]).includes(kind);

/** A release as its commit tells it: nobody vouches for who asked, and what it wrote is not known. */
function releaseTold({ entry, block }: Told, artifact: Artifact): Release {
  return {
    request: block.request,
    kind: block.kind as Release["kind"],
    artifact,
    decidedOn: entry.commit,
    actor: { name: block.actor ?? "unknown", verified: false },
    ...(block.reason === undefined ? {} : { reason: block.reason }),
    decidedAt: entry.committedAt,
    releasedAt: entry.committedAt,
    state: "committed",
    writes: [],
    superseded: [],
  };
}

function entryOf(entries: readonly LogEntry[], target: RollbackTarget): LogEntry | undefined {
  if (target.kind === "time") return entries.find(({ committedAt }) => Date.parse(committedAt) <= target.at);
  if (target.kind === "named" && /^[0-9a-f]{7,64}$/.test(target.name)) {
    return entries.find(({ commit }) => commit.startsWith(target.name));
  }
  return undefined;
}

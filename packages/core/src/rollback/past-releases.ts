import type { Artifact } from "../model/artifact.ts";
import type { AppName, EnvName, RepoPath, Sha } from "../model/names.ts";
import {
  emptyRecord,
  historyLimit,
  type Release,
  type ReleaseRecord,
  recordPath,
  releaseKinds,
  releases,
  removalKind,
} from "../model/record.ts";
import type { FileAt, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import { documentPaths, readCurrent, readRecord } from "../records/documents.ts";
import { type Told, toldByMerges, toldByThemselves } from "../records/merged-blocks.ts";
import type { TrailerBlock } from "../records/trailers.ts";
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
    const told = await this.#told(await this.#tip.log(looked), place);
    for (const { entry } of told.slice(0, triedCommits)) {
      const record = await this.#recordAt(entry.commit, place);
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

  /**
   * Releases that a record no longer holds, newest first, by the records that the branch had before.
   * `complete`: nothing is known to be missing.
   */
  async older(place: Place, record: ReleaseRecord): Promise<{ releases: Release[]; complete: boolean }> {
    const entries = await this.#tip.log(looked);
    const told = await this.#told(entries, place, "ever");
    const known = new Set(releases(record).map(({ request }) => request));
    const older: Release[] = [];
    // Each record tells 51 of them; one that tells nothing new ends it.
    for (let oldest = releases(record).at(-1)?.request; ; ) {
      const made = told.find(({ block }) => block.request === oldest)?.entry;
      const rest =
        made === undefined ? told : told.filter(({ entry }) => entries.indexOf(entry) > entries.indexOf(made));
      const next = rest.find(({ block }) => !known.has(block.request));
      if (next === undefined) return { releases: older, complete: entries.length < looked };
      // As it stood last, before what is known already took its place: then its state had been settled.
      const at = made === undefined ? next.entry : entries[entries.indexOf(made) + 1];
      const found = await this.#recordAt(at?.commit ?? next.entry.commit, place);
      const more = found === undefined ? [] : releases(found).filter(({ request }) => !known.has(request));
      if (more.length === 0) return { releases: older, complete: false };
      older.push(...more);
      for (const { request } of more) known.add(request);
      oldest = more.at(-1)?.request;
    }
  }

  /** What commits say that they released in a place, newest first: since it was last taken out of there, or ever. */
  async #told(entries: readonly LogEntry[], place: Place, when: "since" | "ever" = "since"): Promise<Told[]> {
    const { app, environment } = place;
    const all = toldByThemselves(entries);
    for await (const one of toldByMerges(this.#tip, entries, environment)) all.push(one);
    const at = new Map(entries.map((entry, index) => [entry, index]));
    const told = all
      .filter(({ block }) => block.app === app && block.environment === environment)
      .sort((a, b) => (at.get(a.entry) ?? 0) - (at.get(b.entry) ?? 0));
    const removed = when === "ever" ? -1 : told.findIndex(({ block }) => block.kind === removalKind);
    return (removed < 0 ? told : told.slice(0, removed)).filter(({ block }) => isRelease(block));
  }

  async #recordAt(commit: Sha, { app, environment }: Place): Promise<ReleaseRecord | undefined> {
    const then = await this.#tip.at(commit);
    const files = await then.read(documentPaths([recordPath(app, environment)]));
    return ifReadable(() => readRecord(files, app, environment));
  }

  /** The commit that made a release; undefined when the history does not have it, or no longer. */
  async commitOf(release: Release, { app, environment }: Place): Promise<Sha | undefined> {
    const { request } = release;
    const told = await findRequest(this.#tip, { request, app, environment });
    return told?.commit ?? (await this.#commitByRecord(release, { app, environment }));
  }

  /** The commit whose record has a release as the current one: a squash may leave out all that Glu's commit says. */
  async #commitByRecord({ request, releasedAt, decidedAt }: Release, place: Place): Promise<Sha | undefined> {
    const at = Date.parse(releasedAt ?? decidedAt);
    const far = ({ committedAt }: LogEntry) => Math.abs(Date.parse(committedAt) - at);
    const entries = (await this.#tip.log(looked)).filter(
      ({ committedAt }) => Date.parse(committedAt) >= Date.parse(decidedAt) - slack,
    );
    for (const { commit } of entries.sort((a, b) => far(a) - far(b)).slice(0, triedByTime)) {
      if ((await this.#recordAt(commit, place))?.current?.request === request) return commit;
    }
    return undefined;
  }

  /** Files at a commit. */
  async read(commit: Sha, paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>> {
    return (await this.#tip.at(commit)).read(paths);
  }
}

/** Commits around the time of a release that are looked at for its record. */
const triedByTime = 20;
/** Milliseconds by which the clocks of a run and of a forge may differ. */
const slack = 60_000;

/** Commits that are looked at for a record that they may still have. */
const triedCommits = 3;

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
    // People name the commit that they see in a pull request, too.
    return entries.find(({ commit, merged }) => [commit, ...merged].some((one) => one.startsWith(target.name)));
  }
  return undefined;
}

import type { Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import { type Act, requestsOf } from "./acts.ts";
import { checkBreakGlass } from "./break-glass-rules.ts";
import { type Block, blocksOf, type Commit, commitsOf } from "./commits.ts";
import { checkDirection, checkDrift, checkHolds, checkLines } from "./release-rules.ts";
import { checkRemoval } from "./removal-rules.ts";
import { isIn, isRejected, pinOf, pinPath, recordOf, recordPath, releasesOf, remembered, type Tree } from "./tree.ts";
import { checkRest, checkUndone, checkUpstream, checkVerdict, type Verifying } from "./verdict-rules.ts";
import { fileOf, valuesIn } from "./world.ts";

// What holds of every commit, said again by the words of the documentation: nothing here uses the code that decides.

const counted = [
  ...(["releases", "rollbacks", "pins", "freezes", "byHand", "exact", "several", "drifted"] as const),
  ...(["healthy", "failed", "undone", "removed", "brokenGlass"] as const),
];
export type Counts = Record<(typeof counted)[number], number>;

/** What the branch was made by. */
export interface Asked extends Verifying {
  acts: Iterable<Act>;
  /** Whether all was looked at in the end. Default: it was. */
  settled?: boolean;
}

/** What is to be seen at the end, of places `environment/app`. */
export interface Audited {
  counts: Counts;
  /** Whose files are not as their records have them. */
  drifted: string[];
  /** What runs there past its gates. */
  broken: string[];
}

const kindsOfRelease = ["promotion", "rollback", "override"];

/** Walks the branch of a config repository from its first commit on. */
export function auditBranch(path: string, asked: Asked): Audited {
  const audit = new BranchAudit(asked);
  const [first, ...commits] = commitsOf(path);
  for (const [name, text] of first?.changes ?? []) if (text !== undefined) audit.tree.set(name, text);
  let parent = first?.id;
  for (const commit of commits) {
    expect(commit.parents, "in one line").toEqual([parent]);
    audit.commit(commit);
    parent = commit.id;
  }
  return { ...audit.end(), counts: audit.counts };
}

class BranchAudit {
  readonly tree = new Map<string, string>();
  readonly counts = Object.fromEntries(counted.map((name) => [name, 0])) as Counts;
  readonly #asked: Asked;
  /** By the requests that Glu makes of them. */
  readonly #acts: ReadonlyMap<string, Act>;
  /** Of a place its releases as the messages tell them, newest first. */
  readonly #told = new Map<string, Block[]>();
  readonly #requests = new Set<string>();
  /** Of an artifact in a place what its files were when it was released there. */
  readonly #left = new Map<string, string[]>();
  /** Of a place its values as they were before anything was released there, or since it was taken out. */
  readonly #before = new Map<string, ReturnType<typeof valuesIn>>();
  /** Places, each with the request by which Glu has taken back what failed there. */
  readonly #undone = new Set<string>();
  /** Places that run what was released past its gates, as the messages tell it. */
  readonly #broken = new Set<string>();

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#acts = new Map([...asked.acts].flatMap((act) => requestsOf(act).map((request) => [request, act])));
  }

  commit({ id, at, message, changes }: Commit): void {
    const where = `${id.slice(0, 10)} ${message.split("\n")[0]}`;
    const blocks = blocksOf(message);
    const after = new Map(this.tree);
    for (const [path, text] of changes) {
      if (text === undefined) after.delete(path);
      else after.set(path, text);
    }
    if (blocks.length === 0) {
      this.counts.byHand++;
      expect(message, where).toMatch(/ by hand$/m);
      expect(
        [...changes.keys()].filter((path) => path.startsWith(".glu/")),
        where,
      ).toEqual([]);
    } else this.#byGlu(where, at * 1000, blocks, after, [...changes.keys()]);
    this.tree.clear();
    for (const [path, text] of after) this.tree.set(path, text);
  }

  #byGlu(where: string, at: number, blocks: readonly Block[], after: Tree, changed: readonly string[]): void {
    const act = this.#acts.get(blocks[0]?.request ?? "");
    if (act !== undefined && blocks.every(({ kind }) => kind === "")) {
      this.#verdicts(where, act, after, changed);
      return;
    }
    if (act === undefined) {
      if (!blocks.every(({ kind }) => kind === "rollback")) throw new Error(`${where}: nobody asked for it.`);
      this.#undo(where, at, blocks, after, changed);
      return;
    }
    const requests = new Set(blocks.map(({ request }) => request));
    for (const request of requests) {
      expect(this.#acts.get(request), `${where}: by one request`).toBe(act);
      expect(this.#requests.has(request), `${where}: ${request} has had its commit`).toBe(false);
      this.#requests.add(request);
    }
    const released = blocks.filter(({ kind }) => kindsOfRelease.includes(kind));
    if (released.length > 1) this.counts.several++;
    const explained = new Set<string>();
    for (const block of blocks) {
      const { app, environment, kind } = block;
      if (kind === "pin" || kind === "unpin") explained.add(`.glu/${app}/${environment}.pin.json`);
      else if (kind === "freeze" || kind === "unfreeze") explained.add(`.glu/_freeze/${environment}.json`);
      else if (kind === "remove") for (const path of this.#removal(where, at, act, block, after)) explained.add(path);
      else for (const path of this.#release(where, at, act, block, after)) explained.add(path);
      if (kind === "pin") this.counts.pins++;
      if (kind === "freeze") this.counts.freezes++;
    }
    expect(
      changed.filter((path) => !explained.has(path)),
      `${where}: changes nothing else`,
    ).toEqual([]);
    if (!act.args.includes("--exact")) checkLines(where, this.tree, blocks, after, changed);
  }

  /** What became of releases is written down by who looked, and nothing else. */
  #verdicts(where: string, act: Act, after: Tree, changed: readonly string[]): void {
    expect(act.kind === "reconcile" || act.args.includes("--wait"), `${where}: by who looked`).toBe(true);
    for (const path of changed) {
      const [, app = "", environment = ""] = /^\.glu\/([^_/][^/]*)\/([^/.]+)\.json$/.exec(path) ?? [];
      expect(app, `${where}: changes records only, not ${path}`).not.toBe("");
      const [was, is] = [recordOf(this.tree, app, environment), recordOf(after, app, environment)];
      const state = checkVerdict(`${where}: ${path}`, { app, environment }, { was, is, verifying: this.#asked });
      if (state === "healthy" || state === "failed") this.counts[state]++;
    }
  }

  /** What Glu takes back by itself, since it failed: each failure once. */
  #undo(where: string, at: number, blocks: readonly Block[], after: Tree, changed: readonly string[]): void {
    const explained = blocks.flatMap((block) => {
      const { app, environment } = block;
      const { release, was } = this.#recorded(where, block, after);
      const found = valuesIn(this.tree.get(fileOf(app, environment)) ?? "", app);
      const isAsReleased = was?.current ? isIn(found, was.current) || isIn(found, release) : false;
      const held = { record: was, pin: pinOf(this.tree, app, environment), isAsReleased };
      const failed = checkUndone(where, held, release, this.#asked.onFailure[environment]);
      const key = `${environment}/${app} ${block.request}`;
      expect(this.#undone.has(key), `${where}: was undone before`).toBe(false);
      this.#undone.add(key);
      expect(pinOf(after, app, environment)?.artifact, `${where}: is pinned`).toBe(release.artifact.id);
      expect(isRejected(recordOf(after, app, environment), failed.artifact.id), `${where}: stays rejected`).toBe(true);
      this.#checkTime(where, at, release);
      this.#released(block, release, was, after);
      this.counts.undone++;
      return [recordPath(app, environment), fileOf(app, environment), pinPath(app, environment)];
    });
    expect(
      changed.filter((path) => !explained.includes(path)),
      `${where}: changes nothing else`,
    ).toEqual([]);
    checkLines(where, this.tree, blocks, after, changed);
  }

  /** Checks that an app is taken out, and gives the paths that may have changed. */
  #removal(where: string, at: number, act: Act, block: Block, after: Tree): string[] {
    const { app, environment } = block;
    const place = `${environment}/${app}`;
    checkRemoval(where, { before: this.tree, after, at, wanted: this.#before.get(place) }, act, block);
    this.#before.delete(place);
    this.#broken.delete(place);
    this.counts.removed++;
    return [recordPath(app, environment), fileOf(app, environment), pinPath(app, environment)];
  }

  /** The release of a block, which the record says as the message does. */
  #recorded(where: string, block: Block, after: Tree): { release: Release; was: ReleaseRecord | undefined } {
    const { app, environment } = block;
    const [was, is] = [recordOf(this.tree, app, environment), recordOf(after, app, environment)];
    const release = is?.current;
    if (!release) throw new Error(`${where}: no record of ${app} in ${environment}.`);
    const { request, artifact, kind, reason, actor, state } = release;
    expect(
      { request, artifact: artifact.id, kind, reason, actor: actor.name },
      `${where}: the record says what the message says`,
    ).toEqual({
      request: block.request,
      artifact: block.artifact,
      kind: block.kind,
      reason: block.reason,
      actor: block.actor,
    });
    expect(state, `${where}: is not verified yet`).toBe("committed");
    expect(is.history, `${where}: the history goes on`).toEqual(releasesOf(was).slice(0, remembered - 1));
    const file = fileOf(app, environment);
    expect(isIn(valuesIn(after.get(file) ?? "", app), release), `${where}: the file says so`).toBe(true);
    return { release, was };
  }

  /** Keeps what later commits are held against. */
  #released(block: Block, release: Release, was: ReleaseRecord | undefined, after: Tree): void {
    const { app, environment } = block;
    const [place, file] = [`${environment}/${app}`, fileOf(app, environment)];
    this.counts.releases++;
    this.#told.set(place, [block, ...(this.#told.get(place) ?? [])]);
    if (!was?.current) this.#before.set(place, valuesIn(this.tree.get(file) ?? "", app));
    if (block.override === undefined) this.#broken.delete(place);
    else this.#broken.add(place);
    const left = `${place} ${release.artifact.id}`;
    this.#left.set(left, [...(this.#left.get(left) ?? []), after.get(file) ?? ""]);
  }

  #checkTime(where: string, at: number, { decidedAt }: Release): void {
    const off = Math.abs(at - Date.parse(decidedAt));
    expect(off, `${where}: is of the time at which it was decided`).toBeLessThan(150_000);
  }

  /** Checks a release, and gives the paths that it may have changed. */
  #release(where: string, at: number, act: Act, block: Block, after: Tree): string[] {
    const { app, environment } = block;
    const { release, was } = this.#recorded(where, block, after);
    this.#checkTime(where, at, release);
    checkDirection(where, act, release, was, recordOf(after, app, environment) as ReleaseRecord);
    checkHolds(where, this.tree, act, block, release);
    checkDrift(where, this.tree, act, block, was, release);
    if (act.kind === "rollback") this.#checkRollback(where, act, block, release, after);
    else checkUpstream(where, this.tree, block, release, this.#asked);
    if (checkBreakGlass(where, this.tree, act, block, release, this.#asked)) this.counts.brokenGlass++;
    this.#released(block, release, was, after);
    const pin = act.kind === "rollback" ? [pinPath(app, environment)] : [];
    return [recordPath(app, environment), fileOf(app, environment), ...pin];
  }

  #checkRollback(where: string, act: Act, { app, environment }: Block, release: Release, after: Tree): void {
    this.counts.rollbacks++;
    if (!act.args.includes("false")) {
      expect(pinOf(after, app, environment)?.artifact, `${where}: is pinned`).toBe(release.artifact.id);
    }
    if (!act.args.includes("--exact")) return;
    this.counts.exact++;
    const left = this.#left.get(`${environment}/${app} ${release.artifact.id}`);
    expect(left, `${where}: the file as it was left`).toContain(after.get(fileOf(app, environment)));
  }

  /** The records say what the log says, and once all was looked at, everything is where it may stay. */
  end(): Omit<Audited, "counts"> {
    const drifted: string[] = [];
    const records = [...this.tree.keys()].flatMap((path) => {
      const [, app, environment] = /^\.glu\/([^_/][^/]*)\/([^/.]+)\.json$/.exec(path) ?? [];
      return app === undefined || environment === undefined ? [] : [{ app, environment }];
    });
    expect(records.map(({ app, environment }) => `${environment}/${app}`).sort()).toEqual(
      [...this.#told.keys()].sort(),
    );
    for (const { app, environment } of records) {
      const place = `${environment}/${app}`;
      const record = recordOf(this.tree, app, environment);
      const told = this.#told.get(place)?.slice(0, remembered);
      expect(
        releasesOf(record).map(({ request, artifact, kind }) => [request, artifact.id, kind]),
        `${place}: the record is what the log tells`,
      ).toEqual(told?.map(({ request, artifact, kind }) => [request, artifact, kind]));
      const found = valuesIn(this.tree.get(fileOf(app, environment)) ?? "", app);
      if (record?.current && !isIn(found, record.current)) drifted.push(place);
      if (this.#asked.settled !== false) checkRest(place, this.tree, { app, environment }, this.#asked);
    }
    this.counts.drifted = drifted.length;
    return { drifted: drifted.sort(), broken: [...this.#broken].sort() };
  }
}

import type { Pin, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import type { Act } from "./acts.ts";
import { type Block, blocksOf, type Commit, commitsOf } from "./commits.ts";
import { fileOf, isOwnLine, valuesIn } from "./world.ts";

// What holds of every commit, said again by the words of the documentation: nothing here uses the code that decides.

export type Counts = Record<
  "releases" | "rollbacks" | "pins" | "freezes" | "byHand" | "exact" | "several" | "drifted",
  number
>;

type Tree = Map<string, string>;

const kindsOfRelease = ["promotion", "rollback", "override"];
/** Releases that a record remembers. */
const remembered = 51;

const recordOf = (tree: ReadonlyMap<string, string>, app: string, environment: string): ReleaseRecord | undefined => {
  const text = tree.get(`.glu/${app}/${environment}.json`);
  return text === undefined ? undefined : (JSON.parse(text) as ReleaseRecord);
};
const releasesOf = (record: ReleaseRecord | undefined): Release[] =>
  record?.current ? [record.current, ...record.history] : [];
const numberOf = ({ artifact }: Release): number => Number(artifact.images.web?.tag?.slice(2));
const isIn = (values: { tag: string | undefined; digest: string | undefined }, { artifact }: Release): boolean =>
  values.tag === artifact.images.web?.tag && values.digest === artifact.images.web?.digest;

/** Walks the branch of a config repository from its first commit on. */
export function auditBranch(path: string, acts: ReadonlyMap<string, Act>): { counts: Counts; drifted: string[] } {
  const audit = new BranchAudit(acts);
  const [first, ...commits] = commitsOf(path);
  for (const [name, text] of first?.changes ?? []) if (text !== undefined) audit.tree.set(name, text);
  let parent = first?.id;
  for (const commit of commits) {
    expect(commit.parents, "in one line").toEqual([parent]);
    audit.commit(commit);
    parent = commit.id;
  }
  return { counts: audit.counts, drifted: audit.end() };
}

class BranchAudit {
  readonly tree: Tree = new Map();
  readonly counts: Counts = {
    releases: 0,
    rollbacks: 0,
    pins: 0,
    freezes: 0,
    byHand: 0,
    exact: 0,
    several: 0,
    drifted: 0,
  };
  readonly #acts: ReadonlyMap<string, Act>;
  /** Of a place its releases as the messages tell them, newest first. */
  readonly #told = new Map<string, Block[]>();
  readonly #requests = new Set<string>();
  /** Of an artifact in a place what its files were when it was released there. */
  readonly #left = new Map<string, string[]>();

  constructor(acts: ReadonlyMap<string, Act>) {
    this.#acts = acts;
  }

  commit({ id, at, message, changes }: Commit): void {
    const where = `${id.slice(0, 10)} ${message.split("\n")[0]}`;
    const blocks = blocksOf(message);
    const after: Tree = new Map(this.tree);
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
    const act = this.#acts.get(/^r\d+x\d+x/.exec(blocks[0]?.request ?? "")?.[0] ?? "");
    if (act === undefined) throw new Error(`${where}: nobody asked for it.`);
    const requests = new Set(blocks.map(({ request }) => request));
    for (const request of requests) {
      expect(request.startsWith(act.id), `${where}: by one request`).toBe(true);
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
      else for (const path of this.#release(where, at, act, block, after)) explained.add(path);
      if (kind === "pin") this.counts.pins++;
      if (kind === "freeze") this.counts.freezes++;
    }
    expect(
      changed.filter((path) => !explained.has(path)),
      `${where}: changes nothing else`,
    ).toEqual([]);
    if (!act.args.includes("--exact")) this.#checkLines(where, released, after, changed);
  }

  /** Checks a release, and gives the paths that it may have changed. */
  #release(where: string, at: number, act: Act, block: Block, after: Tree): string[] {
    const { app, environment } = block;
    const [was, is] = [recordOf(this.tree, app, environment), recordOf(after, app, environment)];
    const release = is?.current;
    if (!release) throw new Error(`${where}: no record of ${app} in ${environment}.`);
    this.counts.releases++;
    expect(
      {
        request: release.request,
        artifact: release.artifact.id,
        kind: release.kind,
        reason: release.reason,
        actor: release.actor.name,
      },
      `${where}: the record says what the message says`,
    ).toEqual({
      request: block.request,
      artifact: block.artifact,
      kind: block.kind,
      reason: block.reason,
      actor: block.actor,
    });
    expect(is?.history, `${where}: the history goes on`).toEqual(releasesOf(was).slice(0, remembered - 1));
    const place = `${environment}/${app}`;
    this.#told.set(place, [block, ...(this.#told.get(place) ?? [])]);
    const file = fileOf(app, environment);
    expect(isIn(valuesIn(after.get(file) ?? "", app), release), `${where}: the file says so`).toBe(true);

    this.#checkDirection(where, act, release, was, is);
    this.#checkHolds(where, at, act, block, release);
    this.#checkDrift(where, act, block, was, release);
    if (act.kind === "rollback") this.#checkRollback(where, act, block, release, after);
    const left = `${place} ${release.artifact.id}`;
    this.#left.set(left, [...(this.#left.get(left) ?? []), after.get(file) ?? ""]);
    const pin = act.kind === "rollback" ? [`.glu/${app}/${environment}.pin.json`] : [];
    return [`.glu/${app}/${environment}.json`, file, ...pin];
  }

  /** Nothing goes backwards but by a rollback, and nothing that was rejected goes again by itself. */
  #checkDirection(where: string, act: Act, release: Release, was: ReleaseRecord | undefined, is: ReleaseRecord): void {
    const isRejected = was?.rejected.some(({ artifact }) => artifact === release.artifact.id) ?? false;
    const rejected = (record: ReleaseRecord | undefined) => record?.rejected.map(({ artifact }) => artifact) ?? [];
    if (act.kind === "rollback") {
      expect(release.kind, `${where}: is called so`).toBe("rollback");
      expect(rejected(is), `${where}: what is gone back to is no longer rejected`).not.toContain(release.artifact.id);
      // To what had been undone, it goes forward: what is older stays good.
      if (was?.current && numberOf(was.current) > numberOf(release)) {
        expect(rejected(is), `${where}: what it undoes is rejected`).toContain(was.current.artifact.id);
      }
      if (isRejected) expect(release.reason ?? "", `${where}: says why`).not.toBe("");
      return;
    }
    if (was?.current)
      expect(numberOf(release), `${where}: not backwards`).toBeGreaterThanOrEqual(numberOf(was.current));
    expect(release.kind, `${where}: is called so`).toBe(isRejected ? "override" : "promotion");
    if (!isRejected) {
      expect(rejected(is), `${where}: what is rejected stays so`).toEqual(rejected(was));
      return;
    }
    expect(act.kind, `${where}: what was rejected goes again by name only`).toBe("promote");
    expect(act.args, `${where}: by name only`).not.toContain("latest");
    expect(release.reason ?? "", `${where}: says why`).not.toBe("");
  }

  /** Pins and freezes as they stood in the commit before. */
  #checkHolds(where: string, at: number, act: Act, { app, environment }: Block, release: Release): void {
    const decided = Date.parse(release.decidedAt);
    expect(Math.abs(at - decided), `${where}: is of the time at which it was decided`).toBeLessThan(150_000);
    const holds = ({ until }: { until?: string | undefined }) => until === undefined || decided < Date.parse(until);
    const text = this.tree.get(`.glu/${app}/${environment}.pin.json`);
    const pin = text === undefined ? undefined : (JSON.parse(text) as Pin);
    const passes = act.kind === "rollback" && act.args.includes("--override");
    if (pin !== undefined && holds(pin) && !passes) {
      expect(release.artifact.id, `${where}: is pinned`).toBe(pin.artifact);
    }
    if (act.kind === "rollback") return;
    for (const scope of [environment, "all"]) {
      const freeze = this.tree.get(`.glu/_freeze/${scope}.json`);
      if (freeze !== undefined) expect(holds(JSON.parse(freeze)), `${where}: is frozen`).toBe(false);
    }
    if (environment !== "production") return;
    const upstream = releasesOf(recordOf(this.tree, app, "staging"));
    expect(
      upstream.map(({ artifact }) => artifact.id),
      `${where}: was in staging`,
    ).toContain(release.artifact.id);
  }

  /** What somebody changed by hand is written over only by whoever says so. */
  #checkDrift(
    where: string,
    act: Act,
    { app, environment }: Block,
    was: ReleaseRecord | undefined,
    release: Release,
  ): void {
    if (!was?.current) return;
    const found = valuesIn(this.tree.get(fileOf(app, environment)) ?? "", app);
    if (isIn(found, was.current) || isIn(found, release)) return;
    const mixed = (["tag", "digest"] as const).every((key) =>
      [was.current, release].some((one) => one?.artifact.images.web?.[key] === found[key]),
    );
    if (!mixed) expect(act.args, `${where}: drift is overwritten only when asked`).toContain("--overwrite");
  }

  #checkRollback(where: string, act: Act, { app, environment }: Block, release: Release, after: Tree): void {
    this.counts.rollbacks++;
    const text = after.get(`.glu/${app}/${environment}.pin.json`);
    if (!act.args.includes("false")) {
      expect(JSON.parse(text ?? "{}"), `${where}: is pinned`).toMatchObject({ artifact: release.artifact.id });
    }
    if (!act.args.includes("--exact")) return;
    this.counts.exact++;
    const left = this.#left.get(`${environment}/${app} ${release.artifact.id}`);
    expect(left, `${where}: the file as it was left`).toContain(after.get(fileOf(app, environment)));
  }

  /** No line of a file is another one but those of what is released. */
  #checkLines(where: string, blocks: readonly Block[], after: Tree, changed: readonly string[]): void {
    for (const path of changed.filter((one) => !one.startsWith(".glu/"))) {
      const apps = blocks.filter(({ app, environment }) => fileOf(app, environment) === path).map(({ app }) => app);
      const [old, now] = [this.tree, after].map((tree) => (tree.get(path) ?? "").split("\n"));
      expect(now?.length, `${where}: ${path}`).toBe(old?.length);
      const others = old?.filter((line, index) => line !== now?.[index] && !apps.some((app) => isOwnLine(line, app)));
      expect(others, `${where}: ${path}`).toEqual([]);
    }
  }

  /** The records say what the log says. Gives the places whose files are not as their records have them. */
  end(): string[] {
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
    }
    this.counts.drifted = drifted.length;
    return drifted.sort();
  }
}

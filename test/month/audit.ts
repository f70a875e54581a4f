import type { FileAt, LogEntry, Pin, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import type { Word } from "../way-back/plan.ts";
import { checkUndone, checkVerdict } from "../way-back/verdict-rules.ts";
import { type Built, checkPromotion, type Stay } from "./promotion-rules.ts";
import { checkRollback } from "./rollback-rules.ts";
import { fileOf, onFailure, tagLine, within } from "./world.ts";

// Reads the history as somebody would who has only Git: nothing here uses the code that made it.

type Changes = ReadonlyMap<string, FileAt | undefined>;
type After = ReadonlyMap<string, string | undefined>;

interface Block {
  request: string;
  app: string;
  environment: string;
  artifact: string;
  kind: string;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const recordPath = (app: string, environment: string) => `.glu/${app}/${environment}.json`;
const pinPath = (app: string, environment: string) => `.glu/${app}/${environment}.pin.json`;

function blocksOf(message: string): Block[] {
  const field = (part: string, name: string) => new RegExp(`^Glu-${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
  return message
    .split(/^(?=Glu-Request: )/m)
    .slice(1)
    .map((part) => ({
      request: field(part, "Request"),
      app: field(part, "App"),
      environment: field(part, "Environment"),
      artifact: field(part, "Artifact"),
      kind: field(part, "Kind"),
    }));
}

/** Who promotes releases; all other kinds are of pins and freezes. */
const isRelease = ({ kind }: Block): boolean => ["promotion", "override", "rollback"].includes(kind);
/** A run over everything asks for each environment by a request of its own. */
const isAutomatic = ({ request, environment }: Block): boolean => request.endsWith(`-${environment}`);
/** Nobody asked by a request of that form: Glu takes back by it what failed. */
const isUndoing = ({ request, kind }: Block): boolean => kind === "rollback" && /^[0-9a-f]{64}$/.test(request);

/**
 * Checks every commit against the tree it was made on, when it is made. What holds at every commit holds at the end: no
 * release is forgotten, nothing goes backwards, and no byte changes that nobody declared.
 */
export class Audit {
  readonly built = new Map<string, Built>();
  /** Requests that may overwrite what was changed by hand. */
  readonly overwriting = new Set<string>();
  /** `<request> <app> <environment>` → commit. */
  readonly carried = new Map<string, string>();
  readonly tree = new Map<string, string>();
  /** Of each place all releases with their times, oldest first: longer than a record remembers. */
  readonly #releases = new Map<string, Stay[]>();
  /** What is said of versions once they run, each as `<app> <tag>`. */
  readonly words = new Map<string, Word>();
  /** Of each artifact in a place what became of its last release there: `<environment>/<app> <artifact>`. */
  readonly #states = new Map<string, Release["state"]>();
  readonly counts = {
    commits: 0,
    rollbacks: 0,
    undone: 0,
    healthy: 0,
    failed: 0,
    promotions: 0,
    production: 0,
    holds: 0,
    byHand: 0,
    automatic: 0,
    superseded: 0,
    overrides: 0,
    merged: 0,
    timed: 0,
  };
  /** Of each repository the newest commit. */
  readonly tips = new Map<string, string>();
  #last: number | undefined;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.tree.set(path, text);
  }

  json<T>(path: string): T | undefined {
    const text = this.tree.get(path);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  recordOf(app: string, environment: string): ReleaseRecord | undefined {
    return this.json(recordPath(app, environment));
  }

  tagOf(app: string, environment: string): string | undefined {
    return tagLine(app).exec(this.tree.get(fileOf(app, environment)) ?? "")?.[2];
  }

  /** @param where its repository; the trees of all are one, as no path is in two of them that is written */
  commit({ commit, message, committedAt }: LogEntry, changes: Changes, where = "config"): void {
    const onto = this.tips.get(where);
    this.tips.set(where, commit);
    const at = Date.parse(committedAt);
    expect(at, "time does not go back").toBeGreaterThanOrEqual(this.#last ?? 0);
    this.#last = at;
    this.counts.commits++;
    const after = new Map<string, string | undefined>();
    for (const [path, file] of changes) after.set(path, file === undefined ? undefined : decoder.decode(file.content));
    const blocks = blocksOf(message);
    if (blocks.length === 0) {
      // Somebody else's: nobody but Glu writes records here.
      this.counts.byHand++;
      for (const path of after.keys()) expect(path.startsWith(".glu/"), message).toBe(false);
    } else if (blocks.every(({ kind }) => kind === "")) {
      this.#told(after, message);
    } else {
      const promoted = blocks.filter(isRelease);
      for (const block of promoted) this.#promotion(block, after, { commit, at, onto });
      for (const block of blocks) if (!isRelease(block)) this.#hold(block, after, message);
      this.#paths(blocks, after, message);
      this.counts.promotions += promoted.filter(({ kind }) => kind !== "rollback").length;
      this.counts.holds += blocks.length - promoted.length;
    }
    for (const [path, text] of after) {
      if (text === undefined) this.tree.delete(path);
      else this.tree.set(path, text);
    }
    for (const { app, environment, artifact } of blocks.filter(isRelease)) {
      const place = `${environment}/${app}`;
      this.#releases.set(place, [...(this.#releases.get(place) ?? []), { artifact, at }]);
      this.#states.set(`${place} ${artifact}`, "committed");
      this.agrees(app, environment);
    }
  }

  /** Where the files do not say what the records say, each as `environment/app`. */
  drifted(places: readonly { app: string; environment: string }[]): string[] {
    return places.flatMap(({ app, environment }) => {
      const writes = this.recordOf(app, environment)?.current?.writes ?? [];
      return writes.every(({ value }) => value === this.tagOf(app, environment)) ? [] : [`${environment}/${app}`];
    });
  }

  /** The record says what the files say. */
  agrees(app: string, environment: string): void {
    const current = this.recordOf(app, environment)?.current;
    for (const { value } of current?.writes ?? [])
      expect(this.tagOf(app, environment), `${app} ${environment}`).toBe(value);
  }

  /** The record holds a release of this request, or has forgotten it by its limit. */
  remembers(app: string, environment: string, request: string): void {
    const record = this.recordOf(app, environment);
    const all = [record?.current, ...(record?.history ?? [])];
    const known = all.some((release) => release?.request === request) || (record?.history.length ?? 0) >= 50;
    expect(known, `${request} is in the record of ${app} in ${environment}`).toBe(true);
    expect(this.carried.has(`${request} ${app} ${environment}`), `${request} has a commit`).toBe(true);
  }

  #promotion(
    block: Block,
    after: After,
    { commit, at, onto }: { commit: string; at: number; onto: string | undefined },
  ): void {
    const { request, app, environment, artifact, kind } = block;
    const where = `${app} in ${environment} by ${request}`;
    const key = `${request} ${app} ${environment}`;
    expect(this.carried.has(key), `${where} is carried out once`).toBe(false);
    this.carried.set(key, commit);
    const built = this.built.get(artifact);
    expect(built?.artifact.app, `${artifact} was built of ${app}`).toBe(app);
    if (built === undefined) return;

    // The record: this release on top, everything that was there below.
    const was = this.recordOf(app, environment);
    const now = JSON.parse(after.get(recordPath(app, environment)) ?? "null") as ReleaseRecord | null;
    expect(now?.current, where).toMatchObject({ request, artifact: { id: artifact }, kind });
    const isMerged = environment === "canary";
    if (isMerged) this.counts.merged++;
    else expect(now?.current?.decidedOn, `${where}: was decided on the tip it stands on`).toBe(onto);
    expect(now?.current?.releasedAt === null, `${where}: has a time unless it was merged`).toBe(isMerged);
    const past: Release[] = was?.current ? [was.current, ...was.history] : [];
    expect(now?.history, where).toEqual(past.slice(0, 50));
    const text = after.get(pinPath(app, environment));
    const pins = { before: this.json<Pin>(pinPath(app, environment)), after: text && (JSON.parse(text) as Pin) };
    if (kind === "rollback") {
      const mayOverwrite = this.overwriting.has(request);
      const release = now?.current;
      if (now === null || !release || !was?.current) throw new Error(`${where}: nothing went back.`);
      const isAsReleased = was.current.writes.every(({ value }) => value === this.tagOf(app, environment));
      if (isUndoing(block)) {
        const held = { record: was, pin: pins.before, isAsReleased };
        checkUndone(where, held, release, onFailure[environment as keyof typeof onFailure]);
        expect(pins.after, `${where}: is pinned`).toMatchObject({ artifact });
        this.counts.undone++;
      }
      const all = [...this.built.values()].filter((one) => one.artifact.app === app);
      checkRollback({
        where,
        at,
        built,
        all,
        was,
        now,
        release,
        pins,
        isMerged,
        isAsReleased: isAsReleased || mayOverwrite,
      });
      this.counts.rollbacks++;
      return;
    }
    // What goes again all the same is rejected no more.
    const stay = (was?.rejected ?? []).filter((one) => kind !== "override" || one.artifact !== artifact);
    expect(now?.rejected ?? [], `${where}: what was rejected stays so`).toEqual(stay);

    const freezes = [environment, "all"].flatMap(
      (scope) => this.json<{ until?: string }>(`.glu/_freeze/${scope}.json`) ?? [],
    );
    checkPromotion({
      ...{ where, request, app, environment, kind, at, built, was, freezes },
      automatic: isAutomatic(block),
      isMerged,
      all: [...this.built.values()].filter((one) => one.artifact.app === app),
      release: now?.current ?? undefined,
      staysIn: (place) => this.#releases.get(`${place}/${app}`) ?? [],
      failedIn: (place, id) => this.recordOf(app, place)?.rejected.some((one) => one.artifact === id) ?? false,
      isGoodIn: (place, id) => !(place in onFailure) || this.#states.get(`${place}/${app} ${id}`) === "healthy",
      pin: pins.before,
      before: (path) => this.tree.get(path) ?? "",
      after: (path) => after.get(path) ?? this.tree.get(path) ?? "",
      mayOverwrite: this.overwriting.has(request),
    });
    if (environment === "production") this.counts.production++;
    if (isAutomatic(block)) this.counts.automatic++;
    this.counts.superseded += now?.current?.superseded?.length ?? 0;
    if (kind === "override") this.counts.overrides++;
  }

  /** A pin holds what runs there, and lifting it takes the file away. */
  #hold({ app, environment, kind }: Block, after: After, message: string): void {
    const path = kind.endsWith("pin") ? pinPath(app, environment) : `.glu/_freeze/${environment}.json`;
    expect(after.has(path), message).toBe(true);
    const now = after.get(path);
    expect(now === undefined, message).toBe(kind.startsWith("un"));
    if (kind !== "pin" || now === undefined) return;
    expect(JSON.parse(now).artifact, message).toBe(this.recordOf(app, environment)?.current?.artifact.id);
  }

  /** When proposals were merged, or what became of releases, is written down, and nothing else. */
  #told(after: After, message: string): void {
    for (const [path, text] of after) {
      const [, app = "", environment = ""] = /^\.glu\/([^/]+)\/([^/.]+)\.json$/.exec(path) ?? [];
      const was = this.recordOf(app, environment);
      const is = JSON.parse(text ?? "null") as ReleaseRecord | undefined;
      if (was?.current?.releasedAt === null) {
        const at = this.#releases.get(`${environment}/${app}`)?.at(-1)?.at ?? 0;
        const timed = { ...was, current: { ...was.current, releasedAt: new Date(at).toISOString() } };
        expect(is, `${message}: says since when it has been there`).toEqual(timed);
        this.counts.timed++;
        continue;
      }
      const wordOf = () => this.words.get(`${app} ${was?.current?.artifact.images.web?.tag}`) ?? "silent";
      const verifying = { onFailure, within, wordOf };
      const state = checkVerdict(`${message}: ${path}`, { app, environment }, { was, is, verifying });
      this.#states.set(`${environment}/${app} ${is?.current?.artifact.id}`, state);
      if (state === "healthy" || state === "failed") this.counts[state]++;
    }
  }

  /** Only what was declared changes, byte for byte. */
  #paths(blocks: readonly Block[], after: After, message: string): void {
    const allowed = new Set<string>();
    for (const block of blocks) {
      const { app, environment, kind } = block;
      if (kind === "rollback") allowed.add(pinPath(app, environment));
      if (isRelease(block)) allowed.add(recordPath(app, environment)).add(fileOf(app, environment));
      else if (kind.endsWith("pin")) allowed.add(pinPath(app, environment));
      else allowed.add(`.glu/_freeze/${environment}.json`);
    }
    for (const [path, text] of after) {
      expect(allowed, message).toContain(path);
      if (path.startsWith(".glu/")) continue;
      const promoted = blocks.filter(({ app, environment }) => fileOf(app, environment) === path);
      let [old, fresh] = [this.tree.get(path) ?? "", text ?? ""];
      for (const { app } of promoted) {
        old = old.replace(tagLine(app), "$1$3");
        fresh = fresh.replace(tagLine(app), "$1$3");
      }
      expect(fresh, `${path}: nothing but the tags of ${promoted.map(({ app }) => app).join(", ")}`).toBe(old);
    }
  }
}

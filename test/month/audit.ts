import type { Artifact, FileAt, LogEntry, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import { fileOf, hours, most, soakHours, tagLine, upstreamOf } from "./world.ts";

// Reads the history as somebody would who has only Git: nothing here uses the code that made it.

type Changes = ReadonlyMap<string, FileAt | undefined>;

interface Block {
  request: string;
  app: string;
  environment: string;
  artifact: string;
  kind: string;
}

const hour = 3_600_000;
const wallClock = new Intl.DateTimeFormat("en", { timeZone: hours.zone, hour: "numeric", hourCycle: "h23" });
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

/** What was built, as the test knows it: its number says which is newer, within a line. */
export interface Built {
  artifact: Artifact;
  number: number;
  /** Artifacts have an order within one of these. */
  line: string;
}

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
  readonly #releases = new Map<string, { artifact: string; at: number }[]>();
  readonly counts = { commits: 0, promotions: 0, production: 0, holds: 0, byHand: 0 };
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

  commit({ commit, message, committedAt }: LogEntry, changes: Changes): void {
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
    } else {
      const promoted = blocks.filter(({ kind }) => kind === "promotion");
      for (const block of promoted) this.#promotion(block, after, { commit, at });
      this.#paths(blocks, after, message);
      this.counts.promotions += promoted.length;
      this.counts.holds += blocks.length - promoted.length;
    }
    for (const [path, text] of after) {
      if (text === undefined) this.tree.delete(path);
      else this.tree.set(path, text);
    }
    for (const { app, environment, artifact, kind } of blocks) {
      if (kind !== "promotion") continue;
      const place = `${environment}/${app}`;
      this.#releases.set(place, [...(this.#releases.get(place) ?? []), { artifact, at }]);
      this.agrees(app, environment);
    }
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
    { request, app, environment, artifact }: Block,
    after: ReadonlyMap<string, string | undefined>,
    { commit, at }: { commit: string; at: number },
  ): void {
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
    expect(now?.current, where).toMatchObject({ request, artifact: { id: artifact }, kind: "promotion" });
    const past: Release[] = was?.current ? [was.current, ...was.history] : [];
    expect(now?.history, where).toEqual(past.slice(0, 50));

    const current = was?.current?.artifact.id;
    const runs = current === undefined ? undefined : this.built.get(current);
    if (runs !== undefined && runs.line === built.line) {
      expect(built.number, `${where}: not older than what ran`).toBeGreaterThanOrEqual(runs.number);
    }
    const upstream = upstreamOf[environment];
    if (upstream !== undefined) {
      const stays = this.#releases.get(`${upstream}/${app}`) ?? [];
      const last = stays.findLastIndex((stay) => stay.artifact === artifact);
      expect(last, `${where}: was released in ${upstream}`).toBeGreaterThanOrEqual(0);
      if (environment === "production") {
        const until = stays[last + 1]?.at ?? at;
        const stayed = until - (stays[last]?.at ?? until);
        expect(stayed, `${where}: was in ${upstream} for long enough`).toBeGreaterThanOrEqual(soakHours * hour);
      }
    }
    if (environment === "production") {
      const wall = Number(wallClock.format(at));
      expect(wall >= hours.from && wall < hours.to, `${where}: at ${wall} o'clock in ${hours.zone}`).toBe(true);
      const recent = (this.#releases.get(`${environment}/${app}`) ?? []).filter((one) => at < one.at + 24 * hour);
      expect(recent.length, `${where}: releases of the last day`).toBeLessThan(most);
      this.counts.production++;
    }
    // Pins and freezes as they stood in the tree it was made on.
    const holds = ({ until }: { until?: string }) => until === undefined || at < Date.parse(until);
    const pin = this.json<{ artifact: string; until?: string }>(pinPath(app, environment));
    if (pin !== undefined && holds(pin)) expect(artifact, `${where}: is pinned`).toBe(pin.artifact);
    for (const scope of [environment, "all"]) {
      const freeze = this.json<{ until?: string }>(`.glu/_freeze/${scope}.json`);
      if (freeze !== undefined) expect(holds(freeze), `${where}: ${scope} is frozen`).toBe(false);
    }
    // A value changed by hand is overwritten on purpose only.
    const recorded = was?.current?.writes[0]?.value;
    const found = this.tagOf(app, environment);
    const tag = built.artifact.images.web?.tag;
    if (recorded !== undefined && found !== recorded && found !== tag) {
      expect(this.overwriting, `${where}: drift is overwritten only when asked`).toContain(request);
    }
    const file = after.get(fileOf(app, environment)) ?? this.tree.get(fileOf(app, environment)) ?? "";
    expect(tagLine(app).exec(file)?.[2], `${where}: the file says so`).toBe(tag);
  }

  /** Only what was declared changes, byte for byte. */
  #paths(blocks: readonly Block[], after: ReadonlyMap<string, string | undefined>, message: string): void {
    const allowed = new Set<string>();
    for (const { app, environment, kind } of blocks) {
      if (kind === "promotion") allowed.add(recordPath(app, environment)).add(fileOf(app, environment));
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

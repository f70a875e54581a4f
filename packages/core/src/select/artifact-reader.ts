import { newestFirst } from "../artifact/stored.ts";
import { GluError, UserError } from "../errors.ts";
import type { Artifact, Item } from "../model/artifact.ts";
import type { AppName, ArtifactId } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { ArtifactStore, StoredArtifact } from "../ports/artifact-store.ts";
import { readArtifactFile, refuseOtherApp } from "./artifact-file.ts";
import type { ArtifactSelector } from "./artifact-selector.ts";

/** An artifact in a store, by what names exactly one. */
type InStore = Extract<ArtifactSelector, { kind: "id" | "digest" }>;

/** Artifacts that are looked at for having been overtaken by one. */
const mostOvertaken = 50;

/** The second of the commit, with which an id begins; of one second the digests that follow have no order. */
const secondOf = (id: string): string => id.split("-", 1)[0] ?? id;

/** Reads artifacts of an app from its stores in turn: the app's own repository first, then the config repository. */
export class ArtifactReader {
  readonly #stores: (app: App) => readonly ArtifactStore[];
  readonly #readFile: (path: string) => Promise<string>;
  readonly #warn: (text: string) => void;
  readonly #passedOver: (store: ArtifactStore, why: GluError) => void;
  readonly #all = new Map<string, Promise<StoredArtifact[]>>();
  readonly #between = new Map<string, Promise<Artifact[]>>();

  /**
   * @param warn is told of artifacts that are left out because they are damaged
   * @param passedOver is told of stores that could not be read while another one gave the answer
   */
  constructor(
    stores: (app: App) => readonly ArtifactStore[],
    readFile: (path: string) => Promise<string>,
    warn: (text: string) => void,
    passedOver: (store: ArtifactStore, why: GluError) => void = () => {},
  ) {
    this.#stores = stores;
    this.#readFile = readFile;
    this.#warn = warn;
    this.#passedOver = passedOver;
  }

  /**
   * One artifact; what was read with all others is not asked for again.
   * @throws UserError `artifact/not-found`, `artifact/malformed`, `artifact/tampered`
   */
  async one(app: App, selector: Exclude<ArtifactSelector, { kind: "latest" }>): Promise<Artifact> {
    if (selector.kind === "path") return this.#fromFile(app, selector.path);
    const all = selector.kind === "id" ? await this.#all.get(app.name) : undefined;
    const known = all?.find(({ artifact }) => selector.kind === "id" && artifact.id === selector.id);
    if (known !== undefined) return known.artifact;
    return (await this.find(app, selector)).stored.artifact;
  }

  /**
   * The artifact with its items, and the first store that has it.
   * @throws UserError as {@link one}
   */
  async find(app: App, selector: InStore): Promise<{ store: ArtifactStore; stored: StoredArtifact }> {
    const locations: string[] = [];
    const failures: [ArtifactStore, GluError][] = [];
    for (const store of this.#stores(app)) {
      locations.push(store.location);
      try {
        const stored = await this.#find(store, app, selector);
        if (stored === undefined) continue;
        for (const [other, error] of failures) this.#passedOver(other, error);
        return { store, stored };
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        failures.push([store, error]);
      }
    }
    const [failure] = failures;
    if (failure !== undefined) throw failure[1];
    const seen = selector.kind === "id" ? selector.id : selector.digest;
    throw new UserError(
      "artifact/not-found",
      `${app.name} has no artifact ${seen} in ${locations.join(" or ") || "any store"}.`,
      {
        seen,
        fix: `'glu artifact list --app ${app.name}' shows what there is. The newest 200 are kept.`,
      },
    );
  }

  /**
   * The app that an artifact belongs to, when only the artifact was named: what its file says, else the first declared
   * app that has it.
   */
  async appOf(apps: readonly App[], selector: Exclude<ArtifactSelector, { kind: "latest" }>): Promise<App> {
    if (selector.kind === "path") {
      const name = (await readArtifactFile(selector.path, this.#readFile)).artifact.app;
      const app = apps.find((one) => one.name === name);
      if (app !== undefined) return app;
      throw new UserError("config/unknown-app", `The artifact ${selector.path} is of ${name}, which is not declared.`, {
        seen: name,
        fix: "Declare the app in the config, or give another artifact.",
      });
    }
    let broken: unknown;
    for (const app of apps) {
      for (const store of this.#stores(app)) {
        try {
          if ((await this.#find(store, app, selector)) !== undefined) return app;
        } catch (error) {
          if (!isReadFailure(error)) throw error;
          if (!isClosed(error)) broken ??= error;
        }
      }
    }
    // It may lie where nothing could be read: that is no answer.
    if (broken !== undefined) throw broken;
    const seen = selector.kind === "id" ? selector.id : selector.digest;
    throw new UserError("artifact/not-found", `None of the ${apps.length} apps has an artifact ${seen}.`, {
      seen,
      fix: "Name the app, or see what there is with 'glu artifact list'.",
    });
  }

  /** Says that {@link all} will be asked for each of these apps: stores that several of them lie in read them together. */
  async expect(apps: readonly App[]): Promise<void> {
    const expected = new Map<ArtifactStore, AppName[]>();
    for (const app of apps) {
      const stores = (await unlessRefused(async () => this.#stores(app))) ?? [];
      for (const store of stores) expected.set(store, [...(expected.get(store) ?? []), app.name]);
    }
    for (const [store, names] of expected) {
      if (names.length > 1) await unlessRefused(() => store.expect(names));
    }
  }

  /**
   * All artifacts of the app in its stores, each once; read once a run. A damaged one is left out with a warning, so
   * that it does not stand in the way of the others; it is an error when there is none beside it. A store that this
   * token may not see is passed over when another one has any; one that is out of order is an error: what the others
   * have may be older.
   */
  async all(app: App): Promise<Artifact[]> {
    return (await this.allStored(app)).map(({ artifact }) => artifact);
  }

  /** As {@link all}, with the items that were added. */
  allStored(app: App): Promise<StoredArtifact[]> {
    const known = this.#all.get(app.name) ?? this.#readAll(app);
    this.#all.set(app.name, known);
    return known;
  }

  /** What was attached to an artifact: when it was made, and since. One that no store has, has what it was made with. */
  async items(app: App, artifact: Artifact): Promise<readonly Item[]> {
    const known = (await this.#all.get(app.name))?.find((one) => one.artifact.id === artifact.id);
    const stored =
      known ?? (await this.find(app, { kind: "id", id: artifact.id as ArtifactId }).catch(unlessMissing))?.stored;
    return [...artifact.items, ...(stored?.addedItems ?? [])];
  }

  /**
   * Artifacts whose ids lie between those of two others, at most the newest 50: what may have been overtaken. Those that
   * were read in this run are not asked for again; damaged ones are left out.
   * @param ask without it only what was read before is told
   */
  between(app: App, older: Artifact, newer: Artifact, { ask } = { ask: true }): Promise<Artifact[]> {
    const key = `${app.name} ${older.id} ${newer.id}`;
    const known = this.#between.get(key);
    if (known !== undefined) return known;
    if (!ask && !this.#all.has(app.name)) return Promise.resolve([]);
    const reading = this.#readBetween(app, older, newer);
    this.#between.set(key, reading);
    return reading;
  }

  async #readBetween(app: App, older: Artifact, newer: Artifact): Promise<Artifact[]> {
    const [from, to] = [secondOf(older.id), secondOf(newer.id)];
    const isBetween = (id: string) => secondOf(id) >= from && secondOf(id) <= to && id !== older.id && id !== newer.id;
    const all = await this.#all.get(app.name);
    if (all !== undefined) {
      const found = new Map(all.map(({ artifact }) => [artifact.id as ArtifactId, artifact]));
      const ids = newestFirst([...found.keys()].filter(isBetween)).slice(0, mostOvertaken);
      return ids.map((id) => found.get(id) as Artifact);
    }
    for (const store of this.#stores(app)) {
      // The artifact may lie in the next store; and a promotion does not fail for what it cannot tell of others.
      const ids = (await store.ids(app.name).catch(ignoreReadFailure)) ?? [];
      if (!ids.includes(newer.id as ArtifactId)) continue;
      const between = ids.filter(isBetween).slice(0, mostOvertaken);
      const read = await this.#readSound(store, app, between, []).catch(ignoreReadFailure);
      return (read ?? []).map((one) => one.artifact);
    }
    return [];
  }

  async #find(store: ArtifactStore, app: App, selector: InStore): Promise<StoredArtifact | undefined> {
    const id =
      selector.kind === "id"
        ? selector.id
        : (await store.ids(app.name)).find((one) => one.endsWith(`-${selector.digest.slice(7, 19)}`));
    const found = id === undefined ? undefined : (await store.read(app.name, [id])).get(id);
    return selector.kind === "digest" && found?.digest !== selector.digest ? undefined : found;
  }

  async #readAll(app: App): Promise<StoredArtifact[]> {
    const closed: [ArtifactStore, GluError][] = [];
    const damaged: UserError[] = [];
    const found = new Map<string, StoredArtifact>();
    let some = false;
    for (const store of this.#stores(app)) {
      try {
        const ids = await store.ids(app.name);
        some ||= ids.length > 0;
        const others = ids.filter((id) => !found.has(id));
        for (const stored of await this.#readSound(store, app, others, damaged)) found.set(stored.artifact.id, stored);
      } catch (error) {
        if (!isClosed(error)) throw error;
        closed.push([store, error]);
      }
    }
    const [first] = closed;
    if (first !== undefined && !some) throw first[1];
    // With nothing sound beside it, a damaged one is all there is to say.
    if (damaged[0] !== undefined && found.size === 0) throw damaged[0];
    for (const { message } of damaged) this.#warn(`${message} It is left out.`);
    for (const [store, error] of closed) this.#passedOver(store, error);
    return [...found.values()];
  }

  /** Those that are not damaged: all at once, and halves of them when one is, which is then among `damaged`. */
  async #readSound(
    store: ArtifactStore,
    app: App,
    ids: readonly ArtifactId[],
    damaged: UserError[],
  ): Promise<StoredArtifact[]> {
    if (ids.length === 0) return [];
    try {
      return [...(await store.read(app.name, ids)).values()];
    } catch (error) {
      if (!(error instanceof UserError) || !error.code.startsWith("artifact/")) throw error;
      if (ids.length === 1) {
        damaged.push(error);
        return [];
      }
      const half = Math.ceil(ids.length / 2);
      const newer = await this.#readSound(store, app, ids.slice(0, half), damaged);
      return [...newer, ...(await this.#readSound(store, app, ids.slice(half), damaged))];
    }
  }

  async #fromFile(app: App, path: string): Promise<Artifact> {
    const { artifact } = await readArtifactFile(path, this.#readFile);
    refuseOtherApp(artifact, app.name, path);
    return artifact;
  }
}

/** What is wrong with a store is said of each app when it is read. */
async function unlessRefused<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof GluError) return undefined;
    throw error;
  }
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof GluError && error.code === "artifact/not-found")) throw error;
}

function ignoreReadFailure(error: unknown): undefined {
  if (!isReadFailure(error)) throw error;
}

/** Whether this token may not see the app's artifacts: nothing that a later try would change. */
export function isClosed(error: unknown): error is GluError {
  return isReadFailure(error) && error.kind === "usage";
}

/** A store that cannot be read with this token or now: the next one may hold the artifact. Tampering is never that. */
function isReadFailure(error: unknown): error is GluError {
  return error instanceof GluError && (error.kind === "outside" || error.code.startsWith("repository/"));
}

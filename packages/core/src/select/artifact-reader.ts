import { verifyArtifact } from "../artifact/digest.ts";
import { GluError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { ArtifactId } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { ArtifactSelector } from "./artifact-selector.ts";

/** Reads artifacts of an app from its stores in turn: the app's own repository first, then the config repository. */
export class ArtifactReader {
  readonly #stores: (app: App) => readonly ArtifactStore[];
  readonly #readFile: (path: string) => Promise<string>;
  readonly #warn: (text: string) => void;
  readonly #all = new Map<string, Promise<Artifact[]>>();

  /** @param warn is told of artifacts that are left out because they are damaged */
  constructor(
    stores: (app: App) => readonly ArtifactStore[],
    readFile: (path: string) => Promise<string>,
    warn: (text: string) => void,
  ) {
    this.#stores = stores;
    this.#readFile = readFile;
    this.#warn = warn;
  }

  /** @throws UserError `artifact/not-found`, `artifact/malformed`, `artifact/tampered` */
  async one(app: App, selector: Exclude<ArtifactSelector, { kind: "latest" }>): Promise<Artifact> {
    if (selector.kind === "path") return this.#fromFile(app, selector.path);
    const locations: string[] = [];
    const failures: unknown[] = [];
    for (const store of this.#stores(app)) {
      locations.push(store.location);
      try {
        const found = await this.#find(store, app, selector);
        if (found !== undefined) return found;
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
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
      const name = await this.#appInFile(selector.path);
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

  /**
   * All artifacts of the app, of the first store that has any; read once a run. A damaged one is left out with a
   * warning, so that it does not stand in the way of the others. A store that is out of order is an error, never a
   * reason to take what the next one has: that may be older.
   */
  all(app: App): Promise<Artifact[]> {
    const known = this.#all.get(app.name) ?? this.#readAll(app);
    this.#all.set(app.name, known);
    return known;
  }

  /** Artifacts whose ids lie between those of two others, at most the newest 50: what may have been overtaken. */
  async between(app: App, older: Artifact, newer: Artifact): Promise<Artifact[]> {
    for (const store of this.#stores(app)) {
      // The artifact may lie in the next store; and a promotion does not fail for what it cannot tell of others.
      const ids = (await store.ids(app.name).catch(ignoreReadFailure)) ?? [];
      if (!ids.includes(newer.id as ArtifactId)) continue;
      const between = ids.filter((id) => id > older.id && id < newer.id).slice(0, 50);
      if (between.length === 0) return [];
      const read = await store.read(app.name, between).catch(ignoreReadFailure);
      return [...(read?.values() ?? [])].map((one) => one.artifact);
    }
    return [];
  }

  async #find(
    store: ArtifactStore,
    app: App,
    selector: { kind: "id"; id: ArtifactId } | { kind: "digest"; digest: string },
  ) {
    const id =
      selector.kind === "id"
        ? selector.id
        : (await store.ids(app.name)).find((one) => one.endsWith(`-${selector.digest.slice(7, 19)}`));
    const found = id === undefined ? undefined : (await store.read(app.name, [id])).get(id);
    return selector.kind === "digest" && found?.digest !== selector.digest ? undefined : found?.artifact;
  }

  async #readAll(app: App): Promise<Artifact[]> {
    let closed: unknown;
    for (const store of this.#stores(app)) {
      try {
        const ids = await store.ids(app.name);
        if (ids.length > 0) return await this.#readSound(store, app, ids);
      } catch (error) {
        if (!isClosed(error)) throw error;
        closed ??= error;
      }
    }
    if (closed !== undefined) throw closed;
    return [];
  }

  /** Those that are not damaged: all at once, and halves of them when one is. */
  async #readSound(store: ArtifactStore, app: App, ids: readonly ArtifactId[]): Promise<Artifact[]> {
    try {
      return [...(await store.read(app.name, ids)).values()].map((one) => one.artifact);
    } catch (error) {
      if (!(error instanceof UserError) || !error.code.startsWith("artifact/")) throw error;
      if (ids.length === 1) {
        this.#warn(`${error.message} It is left out.`);
        return [];
      }
      const half = Math.ceil(ids.length / 2);
      const newer = await this.#readSound(store, app, ids.slice(0, half));
      return [...newer, ...(await this.#readSound(store, app, ids.slice(half)))];
    }
  }

  async #readJson(path: string): Promise<unknown> {
    try {
      return JSON.parse(await this.#readFile(path));
    } catch (cause) {
      // Whoever reads the file may refuse it, and says why.
      if (cause instanceof GluError) throw cause;
      throw new UserError("artifact/unreadable", `The artifact ${path} cannot be read as JSON.`, {
        seen: path,
        fix: "Give the path of a file that 'build-artifact' wrote (its output artifact-path).",
        cause,
      });
    }
  }

  async #appInFile(path: string): Promise<string> {
    return verifyArtifact(await this.#readJson(path), path).artifact.app;
  }

  async #fromFile(app: App, path: string): Promise<Artifact> {
    const { artifact } = verifyArtifact(await this.#readJson(path), path);
    if (artifact.app !== app.name) {
      throw new UserError("artifact/other-app", `${path} is an artifact of ${artifact.app}, not of ${app.name}.`, {
        seen: artifact.app,
        fix: `Promote ${artifact.app}, or give an artifact of ${app.name}.`,
      });
    }
    return artifact;
  }
}

function ignoreReadFailure(error: unknown): undefined {
  if (!isReadFailure(error)) throw error;
}

/** Whether this token may not see the app's artifacts: nothing that a later try would change. */
export function isClosed(error: unknown): error is GluError {
  return isReadFailure(error) && (error as GluError).kind === "usage";
}

/** A store that cannot be read with this token or now: the next one may hold the artifact. Tampering is never that. */
function isReadFailure(error: unknown): boolean {
  return error instanceof GluError && (error.kind === "outside" || error.code.startsWith("repository/"));
}

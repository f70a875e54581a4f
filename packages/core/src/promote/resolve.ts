import { verifyArtifact } from "../artifact/digest.ts";
import { type Ancestry, compareArtifacts, newest } from "../artifact/order.ts";
import { GluError, UserError } from "../errors.ts";
import { isDeclared } from "../gates/declared.ts";
import { eligible } from "../gates/from.ts";
import type { Artifact } from "../model/artifact.ts";
import type { ArtifactId } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { matchesAny } from "../policy/match.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import { carriesRequest } from "../records/trailers.ts";

/** What was asked for: the input `artifact`, parsed. */
export type ArtifactSelector =
  | { kind: "latest" }
  | { kind: "id"; id: ArtifactId }
  | { kind: "digest"; digest: string }
  | { kind: "path"; path: string };

/** `latest`, an id, `sha256:…`, or a path to an artifact's JSON (it has a `/` or ends in `.json`). */
export function parseArtifactSelector(value: string): ArtifactSelector {
  if (value === "latest") return { kind: "latest" };
  if (/^\d{8}t\d{6}z-[0-9a-f]{12}$/.test(value)) return { kind: "id", id: value as ArtifactId };
  if (/^sha256:[0-9a-f]{64}$/.test(value)) return { kind: "digest", digest: value };
  if ((value.includes("/") || value.endsWith(".json")) && !value.startsWith("-")) return { kind: "path", path: value };
  throw new UserError("input/artifact", `${JSON.stringify(value)} names no artifact.`, {
    seen: value,
    fix: "Give an id (20261121t070000z-0123456789ab), a digest (sha256:…), a path to its JSON, or latest.",
  });
}

/** Reads artifacts of an app from its stores in turn: the app's own repository first, then the config repository. */
export class ArtifactReader {
  readonly #stores: (app: App) => readonly ArtifactStore[];
  readonly #readFile: (path: string) => Promise<string>;
  readonly #all = new Map<string, Promise<Artifact[]>>();

  constructor(stores: (app: App) => readonly ArtifactStore[], readFile: (path: string) => Promise<string>) {
    this.#stores = stores;
    this.#readFile = readFile;
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
    for (const app of apps) {
      for (const store of this.#stores(app)) {
        if ((await this.#find(store, app, selector).catch(ignoreReadFailure)) !== undefined) return app;
      }
    }
    const seen = selector.kind === "id" ? selector.id : selector.digest;
    throw new UserError("artifact/not-found", `None of the ${apps.length} apps has an artifact ${seen}.`, {
      seen,
      fix: "Name the app, or see what there is with 'glu artifact list'.",
    });
  }

  /** All artifacts of the app, of the first store that has any. Read once a run. */
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
    const failures: unknown[] = [];
    for (const store of this.#stores(app)) {
      try {
        const ids = await store.ids(app.name);
        if (ids.length > 0) return [...(await store.read(app.name, ids)).values()].map((one) => one.artifact);
      } catch (error) {
        if (!isReadFailure(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return [];
  }

  async #readJson(path: string): Promise<unknown> {
    try {
      return JSON.parse(await this.#readFile(path));
    } catch (cause) {
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

/**
 * The greatest artifact that an environment takes by itself: what its policies match; without policies what its
 * upstream released; without either what it accepts. Never a pull request's build, nor what is not declared.
 */
export function latestFor(
  app: App,
  environment: Environment,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
  ancestry: Ancestry,
): Artifact | undefined {
  const accepted = (artifact: Artifact) =>
    artifact.version.event !== "pr" &&
    isDeclared(app, artifact) &&
    matchesAny(environment.accept, artifact)?.matches !== false;
  if (environment.policy.length > 0) {
    // What Glu's own commits were built into would hide the artifact that is waiting behind it.
    const matching = all.filter(
      (artifact) =>
        matchesAny(environment.policy, artifact)?.matches === true && !carriesRequest(artifact.version.message ?? ""),
    );
    return newest(matching.filter(accepted), ancestry);
  }
  if (environment.from !== undefined) {
    const enough = environment.from.mode === "any" ? 1 : upstreams.length;
    const candidates = new Map(upstreams.flatMap(releases).map((release) => [release.artifact.id, release.artifact]));
    const ready = [...candidates.values()].filter(
      (artifact) => upstreams.filter((record) => eligible(record, artifact.id).eligible).length >= enough,
    );
    return newest(ready.filter(accepted), ancestry);
  }
  return newest(all.filter(accepted), ancestry);
}

/** Ids of matching artifacts between the released one and the new one: overtaken before they were promoted here. */
export function overtaken(
  environment: Environment,
  all: readonly Artifact[],
  current: Artifact | undefined,
  next: Artifact,
  ancestry: Ancestry,
): string[] {
  if (current === undefined || environment.policy.length === 0) return [];
  return all
    .filter(
      (artifact) =>
        matchesAny(environment.policy, artifact)?.matches === true &&
        compareArtifacts(artifact, current, ancestry).kind === "newer" &&
        compareArtifacts(artifact, next, ancestry).kind === "older",
    )
    .map((artifact) => artifact.id)
    .sort();
}

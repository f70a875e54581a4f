import { isAbsolute, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type App,
  type AppName,
  type ArtifactStore,
  type ConfigRepository,
  defaultArtifactRefs,
  type Environment,
  type LoadPipeline,
  type Pipeline,
  type ReconcileMemory,
  type RefName,
  repoPath,
  retryTransient,
  type SourceRepository,
  type StoreLocation,
} from "@glu/core";
import {
  type Credentials,
  type GitRemoteOptions,
  openArtifactStore,
  openConfigRepository,
  openReconcileMemory,
  openRemote,
  openSourceRepository,
  parseLocation,
  type Remote,
  readRemoteCommit,
} from "@glu/git";
import { sourceWithoutSecrets } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Needs } from "./app-access.ts";
import type { ConfigPlace } from "./config-place.ts";
import { loadedWhenAsked } from "./load-when-asked.ts";
import { type Locator, locateBeside, locateRepository } from "./locate.ts";
import { configRepositoryOnFirstUse, type RepositoryAhead, storeOnFirstUse } from "./on-first-use.ts";
import { ProgramEvaluator } from "./program-evaluator.ts";
import { credentialsFor, mayGoTo, type Token } from "./token.ts";
import type { CommitVia, FilesAhead } from "./ways.ts";

/** A server that is out of order for a moment is asked again; a wrong address still answers within seconds. */
const firstContact = { attempts: 4, base: 300, longest: 60_000 };

/** The inputs that every command shares. */
export interface ConnectionInputs {
  configRepository: string | undefined;
  ref: RefName | undefined;
  config: string | undefined;
}

/** Milliseconds that are waited for a connection before more is loaded. */
const longestConnect = 100;

/** More refs than this are not asked for on the chance that they will be needed. */
const mostExpected = 20;

/** How a repository is reached, and what for. */
interface Reaching extends GitRemoteOptions {
  needs: Needs;
}

/** Repositories and stores of one run, opened when first used and removed at its end. */
export class Repositories implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  /** What the run was given to reach repositories and their forge with. */
  readonly token: Token;
  readonly #open: AsyncDisposable[] = [];
  readonly #stores = new Map<string, ArtifactStore>();
  readonly #remotes = new Map<string, Promise<Remote>>();
  readonly source: SourceRepository;
  /** Of the config, when it is a program. */
  readonly evaluator = new ProgramEvaluator();

  /** What a way that asks for files by their paths asks for at once. */
  #ahead: FilesAhead = { files: [], folders: [] };
  readonly #via: CommitVia;

  /** @param via how the config repository is written */
  constructor(surroundings: Surroundings, token: Token, via: CommitVia = "auto") {
    this.#surroundings = surroundings;
    this.#via = via;
    this.token = token;
    const { cwd, env, callerConfig, redact } = surroundings;
    const here = openSourceRepository({ cwd, env, callerConfig });
    this.source = sourceWithoutSecrets({ ...here, commit: (sha) => this.#commit(here, sha) }, redact);
  }

  get locator(): Locator {
    const { context, cwd } = this.#surroundings;
    return { context, cwd, origin: async () => (await this.source.remote())?.url };
  }

  /** A commit of the working copy, else of the repository that the run is in. */
  async #commit(here: SourceRepository, sha: string | undefined) {
    const found = await here.commit(sha);
    if (found !== undefined || sha === undefined) return found;
    const options = await this.#git(await locateRepository(undefined, this.locator), undefined, "read");
    return retryTransient(options.clock, () => readRemoteCommit(options, sha), firstContact);
  }

  async #git(location: string, namedIn: string | undefined, needs: Needs): Promise<Reaching> {
    const { temp, clock, cwd, callerConfig } = this.#surroundings;
    // Before it is shown anywhere: a URL with a token in it is refused.
    const { kind } = parseLocation(location, cwd);
    // Loaded by who names a way only.
    const ways = this.#via === "auto" ? undefined : await import("./ways.ts");
    const env = ways?.environmentFor(this.#via, kind, location, this.#surroundings.env) ?? this.#surroundings.env;
    const credentials = await this.#credentials(location, namedIn, needs);
    const options = { location, env, temp, clock, cwd, callerConfig, needs };
    return { ...options, ...(credentials === undefined ? {} : { credentials }) };
  }

  /** An App's where there is one and it serves there, else the token. */
  async #credentials(location: string, namedIn: string | undefined, needs: Needs): Promise<Credentials | undefined> {
    const { app } = this.token;
    const { serverUrl } = this.#surroundings.context;
    const place = mayGoTo(location, serverUrl, namedIn) ? app?.placeOf(location, this.#surroundings) : undefined;
    const least = app?.needs === "read" ? "read" : needs;
    const given = place && (await app?.credentials(place, least, this.#surroundings));
    return given ?? credentialsFor(location, this.token, serverUrl, namedIn);
  }

  /** @param namedIn the config repository whose config names it, when it was no input */
  async configRepository(location: string, branch: RefName | undefined, namedIn?: string): Promise<RepositoryAhead> {
    const { clock, cwd, logger } = this.#surroundings;
    const { kind } = parseLocation(location, cwd);
    const retry = <T>(task: () => Promise<T>) => retryTransient(clock, task, firstContact);
    const byGit = async (ref = branch) => {
      const options = await this.#git(location, namedIn, "write");
      return openConfigRepository({ ...options, branch: ref, remote: await this.#remote(options) });
    };
    const byApi = async () => (await import("./by-api.ts")).openByApi({ ...this.#apiAccess(location, branch), byGit });
    const signed = async (refusal: unknown, git: ConfigRepository) => {
      const { signedWhenRequired } = await import("./signed-when-required.ts");
      return signedWhenRequired(refusal, git, byApi, logger);
    };
    const open = this.#via === "api" ? byApi : byGit;
    const otherwise = this.#via === "auto" && kind === "http" ? signed : undefined;
    return this.#keep(configRepositoryOnFirstUse({ location, branch }, open, retry, otherwise));
  }

  /**
   * The git store in a repository.
   * @param namedIn the config repository whose config names it, when it was no input
   */
  gitStore(location: string, base: string, namedIn?: string): ArtifactStore {
    parseLocation(location, this.#surroundings.cwd);
    // What the config names is read; what an input names may be written.
    return this.#store(`git ${location} ${base}`, location, async () => {
      const options = { ...(await this.#git(location, namedIn, namedIn === undefined ? "write" : "read")), base };
      return openArtifactStore({ ...options, remote: await this.#remote(options) });
    });
  }

  /**
   * How Git reaches a repository that the config names.
   * @param namedIn the config repository
   */
  reach(location: string, namedIn: string): Promise<GitRemoteOptions> {
    return this.#git(location, namedIn, "read");
  }

  fileStore(path: string): ArtifactStore {
    const folder = isAbsolute(path) ? path : resolve(this.#surroundings.cwd, path);
    return this.#store(`file ${folder}`, folder, async () => (await import("@glu/files")).openFileStore(folder));
  }

  #apiAccess(location: string, branch: RefName | undefined) {
    const access = { surroundings: this.#surroundings, token: this.token, location };
    return { access, branch, ahead: this.#ahead };
  }

  /** The config and the apps of config repositories that will probably be read. */
  async expectFiles(config: string | undefined, apps: readonly AppName[]): Promise<void> {
    if (this.#via === "api") this.#ahead = (await import("./ways.ts")).filesAhead(config, apps);
  }

  /** Refs of a repository that will probably be read beside its branch. */
  async expect(location: string, refs: readonly RefName[]): Promise<void> {
    (await this.#remote(await this.#git(location, undefined, "write"))).expect(refs);
  }

  /** What the last reconciliation left behind in a config repository. */
  async reconcileMemory(
    location: string,
    branch: RefName | undefined,
    scope: readonly unknown[],
  ): Promise<ReconcileMemory> {
    const { clock } = this.#surroundings;
    const remote = await this.#remote(await this.#git(location, undefined, "write"));
    const memory = await openReconcileMemory({ remote, branch, scope, now: () => clock.now() });
    const recall = retryTransient(clock, () => memory.recall(), firstContact);
    recall.catch(() => undefined); // Whoever recalls gets the error.
    return {
      recall: () => recall,
      remember: (key, until, told) => memory.remember(key, until, told),
      cost: () => memory.cost(),
    };
  }

  /** Resolves when a first question has left for a repository's server; see `Remote`. */
  async asked(location: string): Promise<void> {
    // The API is asked by the first question itself: there is no connection to wait for before.
    if (this.#via === "api") return new Promise(() => {});
    await (await this.#remote(await this.#git(location, undefined, "write"))).asked();
  }

  /** One for each repository and credentials: its connection serves the config and the artifacts in it. */
  #remote(options: Reaching): Promise<Remote> {
    const { location, credentials, needs } = options;
    // A token that is made anew in between is the same; one that may only read is another than one that may write.
    const key = JSON.stringify([location, credentials?.now === undefined ? credentials : needs]);
    const known = this.#remotes.get(key) ?? openRemote(options);
    this.#remotes.set(key, known);
    return known;
  }

  #store(key: string, location: string, open: () => Promise<ArtifactStore>): ArtifactStore {
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const store = this.#keep(storeOnFirstUse(location, open));
    this.#stores.set(key, store);
    return store;
  }

  #keep<T extends AsyncDisposable>(resource: T): T {
    this.#open.push(resource);
    return resource;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.evaluator[Symbol.dispose]();
    await Promise.all(this.#open.map((resource) => resource[Symbol.asyncDispose]()));
    const remotes = await Promise.all([...this.#remotes.values()].map((remote) => remote.catch(() => undefined)));
    await Promise.all(remotes.map((remote) => remote?.[Symbol.asyncDispose]()));
    await this.token.app?.[Symbol.asyncDispose]();
  }
}

/** The config repository of a run, its pipeline, and what the pipeline names. */
export interface ConfigConnection {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  /** Reads the config as it was written, without what is made of it. */
  place: ConfigPlace;
  repositoryOf(environment: Environment): ConfigRepository;
  storesOf(app: App): readonly ArtifactStore[];
  /** For a run that was told its scope. */
  memory?: ReconcileMemory;
}

/**
 * Locates the config repository and asks for its tip. It waits until the question has left and not for the answer: what
 * reads the config and decides is large, and is loaded in the meantime.
 * @param apps those that it will be about, where that is known: their artifacts may lie in the config repository too
 * @param scope of a reconciliation: what it left behind the last time is asked for, and not yet the tip
 */
export async function connectConfig(
  inputs: ConnectionInputs,
  repositories: Repositories,
  apps: readonly AppName[] = [],
  scope?: readonly unknown[],
): Promise<ConfigConnection> {
  const location = await locateRepository(inputs.configRepository, repositories.locator);
  await repositories.expectFiles(inputs.config, apps);
  const repository = await repositories.configRepository(location, inputs.ref);
  if (apps.length <= mostExpected) {
    await repositories.expect(
      location,
      apps.map((app) => `${defaultArtifactRefs}/${app}` as RefName),
    );
  }
  const place: ConfigPlace = {
    file: inputs.config === undefined ? undefined : repoPath(inputs.config),
    evaluator: repositories.evaluator,
    trusted: async (tip) => {
      if (inputs.ref === undefined) return tip;
      // Whoever may push to a branch must not decide what a program of it does.
      const trusted = await (await repositories.configRepository(location, undefined)).open();
      return trusted.branch === tip.branch ? tip : trusted;
    },
  };
  const load = loadedWhenAsked(place);
  const elsewhere = new Map<string, ConfigRepository>();
  const locations = new Map<string, string>();
  let store: StoreLocation = { kind: "git", ref: defaultArtifactRefs };
  const key = ({ repository: where, ref }: Environment) => JSON.stringify([where, ref]);

  const places = new Map<string, Promise<ConfigRepository>>();
  // One place under two names is one repository: one commit, one compare-and-swap.
  const inPlace = (where: string, ref: RefName | undefined): Promise<ConfigRepository> => {
    if (where === location && (ref ?? repository.branch) === repository.branch) return Promise.resolve(repository);
    const place = JSON.stringify([where, ref]);
    const known = places.get(place) ?? repositories.configRepository(where, ref, location);
    places.set(place, known);
    return known;
  };

  // The ports are asked synchronously; what must be looked up for them is looked up when the pipeline is known.
  const { serverUrl } = repositories.locator.context;
  const prepare = async (pipeline: Pipeline): Promise<void> => {
    store = pipeline.artifacts;
    for (const environment of pipeline.environments.values()) {
      if ((environment.repository === undefined && environment.ref === undefined) || elsewhere.has(key(environment)))
        continue;
      const where =
        environment.repository === undefined
          ? location
          : (locateBeside(environment.repository, location, serverUrl) ??
            (await locateRepository(environment.repository, repositories.locator)));
      elsewhere.set(key(environment), await inPlace(where, environment.ref));
    }
    for (const { repository: name } of pipeline.apps.values()) {
      if (name === undefined || locations.has(name)) continue;
      const where = locateBeside(name, location, serverUrl);
      if (where !== undefined) locations.set(name, where);
    }
  };
  // Loading keeps the process busy. What has left by then is on its way meanwhile; a server that is far away is given up
  // on, since there is time to load before it takes the question.
  const timeout = setTimeout(longestConnect, undefined, { ref: false });
  const memory = scope === undefined ? undefined : await repositories.reconcileMemory(location, inputs.ref, scope);
  const asking = memory === undefined ? repository.openAhead() : memory.recall();
  await Promise.race([asking, repositories.asked(location), timeout]).catch(() => undefined);
  return {
    repository,
    place,
    ...(memory === undefined ? {} : { memory }),
    loadPipeline: async (tip) => {
      const pipeline = await load(tip);
      await prepare(pipeline);
      return pipeline;
    },
    repositoryOf: (environment) => elsewhere.get(key(environment)) ?? repository,
    storesOf: (app) => {
      if (store.kind === "file") return [repositories.fileStore(store.path)];
      if (store.kind === "oci") return [];
      const { ref } = store;
      const own = app.repository === undefined ? undefined : locations.get(app.repository);
      const places = own === undefined || own === location ? [location] : [own, location];
      return places.map((place) => repositories.gitStore(place, ref, location));
    },
  };
}

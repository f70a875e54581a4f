import { isAbsolute, resolve } from "node:path";
import {
  type AppName,
  type ArtifactStore,
  type ConfigRepository,
  type ReconcileMemory,
  type RefName,
  retryTransient,
  type SourceRepository,
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
import { type Locator, locateRepository } from "./locate.ts";
import { configRepositoryOnFirstUse, type RepositoryAhead, storeOnFirstUse } from "./on-first-use.ts";
import { ProgramEvaluator } from "./program-evaluator.ts";
import { credentialsFor, mayGoTo, type Token } from "./token.ts";
import type { CommitVia, FilesAhead } from "./ways.ts";

/** A server that is out of order for a moment is asked again; a wrong address still answers within seconds. */
const firstContact = { attempts: 4, base: 300, longest: 60_000 };

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
    const { context, cwd, env } = this.#surroundings;
    const { GLU_SERVER_URL: named } = env;
    const serverUrl = named !== undefined && URL.canParse(named) ? named : undefined;
    return { context, cwd, serverUrl, origin: async () => (await this.source.remote())?.url };
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

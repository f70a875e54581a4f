import { GluError, OutsideError } from "../errors.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { freezePath, type ReleaseRecord, recordPath } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository, FileAt, Snapshot } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { AskingForMerges } from "../propose/merged-proposal.ts";
import { type Merges, mayBeProposed, observeMerge, withMerges } from "../propose/merges.ts";
import { documentPaths } from "../records/documents.ts";
import { ifReadable } from "./if-readable.ts";
import { type State, stateOf, statePaths } from "./state.ts";
import { TipReader } from "./tip-reader.ts";

export interface Place {
  app: AppName;
  environment: EnvName;
}

export interface TipsOptions {
  /** The repository that is written to, and its tip. */
  target: ConfigRepository;
  tip: Snapshot;
  /** The config repository, and its tip; the same as `target` unless an environment lives elsewhere. */
  config: ConfigRepository;
  configTip: Snapshot;
  pipeline: Pipeline;
  repositoryOf: PromotePorts["repositoryOf"];
  /** To tell when what was proposed was merged; absent: it is not told. */
  merging?: { merges: Merges; ports: AskingForMerges & { clock: Clock } } | undefined;
}

/** The tips that one attempt looks at: the one it writes on, and those of other repositories that environments live in. */
export class Tips {
  readonly own: TipReader;
  readonly #config: TipReader;
  readonly #pipeline: Pipeline;
  readonly #repositoryOf: PromotePorts["repositoryOf"];
  readonly #target: ConfigRepository;
  readonly #readers: Map<ConfigRepository, TipReader>;
  readonly #opening = new Map<ConfigRepository, Promise<TipReader | undefined>>();
  readonly #closed = new Map<ConfigRepository, GluError>();
  readonly #merging: TipsOptions["merging"];
  readonly #snapshots: Map<TipReader, Snapshot>;
  /** Places whose state was loaded. */
  readonly #loaded = new Set<string>();
  readonly #observed: Place[] = [];
  /** In other repositories, where no forge says when. */
  readonly #seen = new Map<ConfigRepository, Place[]>();

  constructor({ target, tip, config, configTip, pipeline, repositoryOf, merging }: TipsOptions) {
    this.#merging = merging;
    this.own = new TipReader(tip);
    this.#config = config === target ? this.own : new TipReader(configTip);
    this.#pipeline = pipeline;
    this.#repositoryOf = repositoryOf;
    this.#target = target;
    this.#readers = new Map([
      [config, this.#config],
      [target, this.own],
    ]);
    this.#snapshots = new Map([
      [this.#config, configTip],
      [this.own, tip],
    ]);
  }

  /** Loads the state of apps in environments, and files of the own tip, in one read per repository. */
  async load(places: readonly Place[], files: readonly RepoPath[] = []): Promise<void> {
    const wanted = new Map<TipReader, RepoPath[]>([[this.own, [...files]]]);
    if (this.#config !== this.own) wanted.set(this.#config, documentPaths([freezePath("all")]));
    // Asked for again with every decision, of hundreds of places.
    const fresh = places.filter((place) => !this.#loaded.has(keyOf(place)));
    for (const { app, environment } of fresh) {
      const reader = await this.#readerOf(environment);
      if (reader === undefined) continue;
      const paths = wanted.get(reader) ?? [];
      paths.push(...statePaths(app, environment));
      wanted.set(reader, paths);
    }
    await Promise.all([...wanted].map(([reader, paths]) => reader.load(paths)));
    for (const place of fresh) this.#loaded.add(keyOf(place));
    await this.#observeMerges(places);
  }

  /** Finds out when releases without a time were merged. */
  async #observeMerges(places: readonly Place[]): Promise<void> {
    if (this.#merging === undefined) return;
    const { merges, ports } = this.#merging;
    const merged = places.flatMap(({ app, environment: name }) => {
      const environment = this.#pipeline.environments.get(name);
      const file = ifReadable(() => this.filesOf(name))?.get(recordPath(app, name));
      if (environment === undefined || file === undefined || !mayBeProposed(file.content)) return [];
      const release = ifReadable(() => this.#written().current(app, name));
      return release?.releasedAt === null ? [{ app, environment, release }] : [];
    });
    for (const one of merged) {
      const { name } = one.environment;
      // What one request brought into one environment was proposed together.
      const apps = merged
        .filter(({ environment, release }) => environment.name === name && release.request === one.release.request)
        .map(({ app }) => app);
      const reader = await this.#readerOf(name);
      const tip = reader && this.#snapshots.get(reader);
      if (tip === undefined) continue;
      const { told } = await observeMerge({ ...one, apps, tip }, merges, ports);
      const [place, repository] = [{ app: one.app, environment: name }, this.#repository(name)];
      if (repository === this.#target) this.#observed.push(place);
      else if (!told) {
        this.#seen.set(repository, [...(this.#seen.get(repository) ?? []), place]);
      }
    }
  }

  /** Loads files of the repositories that environments live in, in one read per repository. */
  async loadFiles(wanted: readonly { environment: EnvName; files: readonly RepoPath[] }[]): Promise<void> {
    const paths = new Map<TipReader, RepoPath[]>();
    for (const { environment, files } of wanted) {
      const reader = await this.#readerOf(environment);
      if (reader === undefined) continue;
      const all = paths.get(reader) ?? [];
      all.push(...files);
      paths.set(reader, all);
    }
    await Promise.all([...paths].map(([reader, files]) => reader.load(files)));
  }

  /** Places of the own repository whose record does not say yet when what runs there was merged. */
  observed(): readonly Place[] {
    return [...new Map(this.#observed.map((place) => [keyOf(place), place])).values()];
  }

  /**
   * Places of other repositories of which that is known only from having looked: unless it is written down, it is another
   * time with every run.
   */
  observedElsewhere(): ReadonlyMap<ConfigRepository, readonly Place[]> {
    return this.#seen;
  }

  /** The state of what has been loaded. */
  state(): State {
    const written = this.#written();
    return this.#merging === undefined ? written : withMerges(written, this.#merging.merges);
  }

  /** The state as the files have it. */
  #written(): State {
    return stateOf((environment) => this.filesOf(environment), this.#config.files);
  }

  async records(app: AppName, environments: readonly EnvName[]): Promise<ReleaseRecord[]> {
    await this.load(environments.map((environment) => ({ app, environment })));
    const state = this.state();
    return environments.map((environment) => state.record(app, environment));
  }

  /** A record, or undefined where it cannot be read. */
  async recordIfReadable(app: AppName, environment: EnvName): Promise<ReleaseRecord | undefined> {
    try {
      return (await this.records(app, [environment]))[0];
    } catch (error) {
      if (error instanceof GluError) return undefined;
      throw error;
    }
  }

  #repository(environment: EnvName): ConfigRepository {
    const found = this.#pipeline.environments.get(environment);
    return found === undefined ? this.#target : this.#repositoryOf(found);
  }

  /** Undefined: the repository that the environment lives in cannot be read, which stops nothing elsewhere. */
  #readerOf(environment: EnvName): Promise<TipReader | undefined> {
    const repository = this.#repository(environment);
    const opening = this.#opening.get(repository) ?? this.#open(repository);
    this.#opening.set(repository, opening);
    return opening;
  }

  async #open(repository: ConfigRepository): Promise<TipReader | undefined> {
    try {
      const known = this.#readers.get(repository);
      if (known !== undefined) return known;
      const tip = await repository.open();
      const reader = new TipReader(tip);
      this.#readers.set(repository, reader);
      this.#snapshots.set(reader, tip);
      return reader;
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      this.#closed.set(repository, error);
      return undefined;
    }
  }

  /**
   * What has been loaded of the repository that an environment lives in.
   * @throws OutsideError `state/unreadable` when it could not be opened
   */
  filesOf(environment: EnvName): ReadonlyMap<RepoPath, FileAt> {
    const repository = this.#repository(environment);
    const closed = this.#closed.get(repository);
    if (closed === undefined) return this.#readers.get(repository)?.files ?? new Map();
    throw new OutsideError("state/unreadable", `What runs in ${environment} cannot be read: ${closed.message}`, {
      seen: repository.location,
      ...(closed.fix === undefined ? {} : { fix: closed.fix }),
      cause: closed,
    });
  }
}

const keyOf = ({ app, environment }: Place): string => `${app}\0${environment}`;

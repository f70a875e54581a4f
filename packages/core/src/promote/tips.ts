import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import type { ConfigRepository, FileAt } from "../ports/config-repository.ts";
import { type State, stateOf, statePaths } from "../state/state.ts";
import type { PromotePorts } from "./options.ts";
import { TipReader } from "./tip-reader.ts";

/** The tips that one attempt looks at: the one it writes on, and those of other repositories that environments live in. */
export class Tips {
  readonly own: TipReader;
  readonly #target: ConfigRepository;
  readonly #pipeline: Pipeline;
  readonly #repositoryOf: PromotePorts["repositoryOf"];
  readonly #others = new Map<ConfigRepository, TipReader>();

  constructor(
    own: TipReader,
    target: ConfigRepository,
    pipeline: Pipeline,
    repositoryOf: PromotePorts["repositoryOf"],
  ) {
    this.own = own;
    this.#target = target;
    this.#pipeline = pipeline;
    this.#repositoryOf = repositoryOf;
  }

  /** Loads the state of apps in environments, and files of the own tip, in one read per repository. */
  async load(places: Iterable<{ app: AppName; environment: EnvName }>, files: readonly RepoPath[] = []): Promise<void> {
    const wanted = new Map<TipReader, RepoPath[]>([[this.own, [...files]]]);
    for (const { app, environment } of places) {
      const reader = await this.#readerOf(environment);
      wanted.set(reader, [...(wanted.get(reader) ?? []), ...statePaths(app, environment)]);
    }
    await Promise.all([...wanted].map(([reader, paths]) => reader.load(paths)));
  }

  /** The state of what has been loaded. */
  state(): State {
    return stateOf((environment) => this.#filesOf(environment));
  }

  async records(app: AppName, environments: readonly EnvName[]): Promise<ReleaseRecord[]> {
    await this.load(environments.map((environment) => ({ app, environment })));
    const state = this.state();
    return environments.map((environment) => state.record(app, environment));
  }

  #repository(environment: EnvName): ConfigRepository {
    const found = this.#pipeline.environments.get(environment);
    return found === undefined ? this.#target : this.#repositoryOf(found);
  }

  async #readerOf(environment: EnvName): Promise<TipReader> {
    const repository = this.#repository(environment);
    if (repository === this.#target) return this.own;
    const known = this.#others.get(repository) ?? new TipReader(await repository.open());
    this.#others.set(repository, known);
    return known;
  }

  #filesOf(environment: EnvName): ReadonlyMap<RepoPath, FileAt> {
    const repository = this.#repository(environment);
    const reader = repository === this.#target ? this.own : this.#others.get(repository);
    return reader?.files ?? new Map();
  }
}

import {
  type Actor,
  type Artifact,
  appName,
  type Decision,
  envName,
  type FileAt,
  type Freeze,
  freeze,
  type HoldResult,
  type Logger,
  noOutside,
  noStatuses,
  type Pin,
  type Pipeline,
  type PromotePorts,
  type PromoteRequest,
  type PromoteResult,
  parseRollbackTarget,
  pin,
  promote,
  type ReconcileResult,
  type Release,
  type RepoPath,
  readRecord,
  reconcile,
  recordPath,
  repoPath,
  requestId,
  type Timestamp,
  timestamp,
  UserError,
  unfreeze,
  unknownName,
  unpin,
  versionLabel,
} from "@glu/core";
import { SimulatedBuilds } from "./builds.ts";
import type { BuildOptions } from "./make-artifact.ts";
import { FakeClock } from "./memory/fake-clock.ts";
import type { MemoryArtifactStore } from "./memory/memory-artifact-store.ts";
import type { MemoryRepository } from "./memory/memory-repository.ts";
import { SimulatedForge } from "./memory/simulated-forge.ts";
import type { AttachOptions, HoldOptions, PromoteOptions, RollbackEvent, Run, SimulationOptions } from "./options.ts";
import { ScriptedOutside } from "./outside/scripted-outside.ts";
import { readTip, SimulatedRepositories } from "./repositories.ts";
import { endOf, timeAfter } from "./time.ts";

/**
 * A pipeline that runs in memory: the use cases that a CI job runs, on a repository and an artifact store in memory, with
 * a clock that moves when it is told to. Nothing is decided here.
 */
export class Simulation {
  readonly clock: FakeClock;
  readonly outside: ScriptedOutside;
  /** Told of every run, also of scheduled ones. */
  onRun: (run: Run) => void = () => {};
  readonly #options: SimulationOptions;
  readonly #repositories: SimulatedRepositories;
  readonly #forge: SimulatedForge;
  readonly #builds: SimulatedBuilds;
  readonly #decisions = new Map<string, Decision>();
  #next: number;
  #requests = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { start, base, files, baseOf, every } = options;
    this.clock = new FakeClock(start);
    this.#builds = new SimulatedBuilds(this.clock);
    this.#repositories = new SimulatedRepositories({ clock: this.clock, base, files, baseOf });
    this.#forge = new SimulatedForge((repository) => this.#repositories.in(repository), this.clock);
    this.outside = new ScriptedOutside(() => this.clock.now(), options.functions ?? noOutside.functions);
    this.#next = every === undefined ? Number.POSITIVE_INFINITY : start + every;
  }

  /** Where artifacts lie. */
  get store(): MemoryArtifactStore {
    return this.#builds.store;
  }

  /** Simulated time. */
  get now(): Timestamp {
    return timestamp(this.clock.now());
  }

  /** The config repository as it lies in memory: its commits, its files, faults to put into its way. */
  get repository(): MemoryRepository {
    return this.#repositories.config.repository;
  }

  /** The repository that an environment lives in: the config repository, or the one that the config names for it. */
  async repositoryOf(environment: string): Promise<MemoryRepository> {
    const pipeline = await this.pipeline();
    const found = pipeline.environments.get(envName(environment));
    if (found === undefined) {
      throw unknownName("environment", environment, pipeline.environments.keys(), pipeline.file);
    }
    return this.#repositories.of(found).repository;
  }

  /** CI builds an artifact and stores it. Nothing is promoted by that: a run does it. */
  async build(options: BuildOptions): Promise<Artifact> {
    return this.#builds.build(options, await this.pipeline());
  }

  /** See `SimulatedBuilds`. */
  attach(options: AttachOptions): Promise<void> {
    return this.#builds.attach(options);
  }

  /** An artifact that was built here, by its id. */
  built(id: string): Artifact | undefined {
    return this.#builds.byId(id);
  }

  /** `glu promote`, by hand or as a job does it. */
  promote(options: PromoteOptions = {}): Promise<PromoteResult> {
    return this.#decide(options, { artifact: this.#builds.named(options.artifact ?? "latest", namesOf(options.app)) });
  }

  /** `glu rollback`, by hand. */
  async rollback({ to, pin: isPinned = true, until, ...options }: RollbackEvent): Promise<PromoteResult> {
    const now = this.clock.now();
    const target = await parseRollbackTarget(to ?? "previous", now);
    const pinned = isPinned ? { until: await endOf(until, now) } : undefined;
    const rollback = { target, pin: pinned, exact: false, directly: false };
    return this.#decide(options, { artifact: "latest", rollback });
  }

  async #decide(options: PromoteOptions, asked: Pick<PromoteRequest, "artifact" | "rollback">): Promise<PromoteResult> {
    const result = await promote(
      {
        apps: namesOf(options.app),
        environments: namesOf(options.environment),
        ...asked,
        reason: options.reason,
        plan: false,
        overwrite: options.overwrite ?? false,
        set: options.set ?? false,
        override: options.override,
        commitMessage: undefined,
        author: undefined,
        request: requestId(options.request ?? this.#nextRequest()),
        again: options.request !== undefined,
        actor: this.#actor(options.actor),
      },
      this.#ports(),
    );
    this.#remember("promote", result);
    return result;
  }

  /** One run that looks at everything. The same request again is a re-run of it. */
  async reconcile({ request }: { request?: string | undefined } = {}): Promise<ReconcileResult> {
    const id = request ?? this.#nextRequest();
    const result = await reconcile(
      {
        apps: [],
        environments: [],
        plan: false,
        author: undefined,
        commitMessage: undefined,
        again: request !== undefined,
        actor: this.#actor(undefined),
        requestOf: (environment) => requestId(`${id}-${environment}`),
      },
      this.#ports(),
    );
    this.#remember("reconcile", result);
    return result;
  }

  /** Time passes: `2h`, or milliseconds. Scheduled runs take place on the way. */
  async advance(time: string | number): Promise<void> {
    const now = this.clock.now();
    return this.advanceTo(typeof time === "number" ? now + time : await timeAfter(time, now));
  }

  /**
   * Time passes until then (milliseconds since the epoch).
   * @throws UserError `simulation/back` when that has passed
   */
  async advanceTo(time: number): Promise<void> {
    if (time < this.clock.now()) {
      throw new UserError("simulation/back", `It is ${this.now} already, and time does not go back.`, {
        seen: timestamp(time),
        fix: "Put the events in the order of their times.",
      });
    }
    while (this.#next <= time) {
      // A race that was slept through may have taken longer than the schedule.
      this.clock.advance(Math.max(0, this.#next - this.clock.now()));
      this.#next += this.#options.every ?? Number.POSITIVE_INFINITY;
      await this.reconcile();
    }
    this.clock.advance(Math.max(0, time - this.clock.now()));
  }

  async pin(
    app: string,
    environment: string,
    options: HoldOptions & { artifact?: string | undefined },
  ): Promise<HoldResult<Pin>> {
    const artifact = options.artifact === undefined ? undefined : this.#builds.named(options.artifact, [app]);
    return pin({ ...(await this.#hold(options)), app, environment, artifact }, this.#ports());
  }

  async unpin(app: string, environment: string, options: Partial<HoldOptions> = {}): Promise<HoldResult<Pin>> {
    return unpin({ ...(await this.#hold(options)), app, environment }, this.#ports());
  }

  /** @param scope an environment, or `all` */
  async freeze(scope: string, options: HoldOptions): Promise<HoldResult<Freeze>> {
    return freeze({ ...(await this.#hold(options)), scope }, this.#ports());
  }

  async unfreeze(scope: string, options: Partial<HoldOptions> = {}): Promise<HoldResult<Freeze>> {
    return unfreeze({ ...(await this.#hold(options)), scope }, this.#ports());
  }

  /**
   * Somebody merges the pull request that is open for an app in an environment.
   * @throws UserError `simulation/no-proposal`, `simulation/conflict`
   */
  merge(app: string, environment: string): Promise<void> {
    return this.#forge.merge(app, environment);
  }

  /** Somebody closes it without merging. @throws UserError `simulation/no-proposal` */
  async close(app: string, environment: string): Promise<void> {
    this.#forge.close(app, environment);
  }

  /**
   * Somebody changes a file of the config repository past Glu.
   * @throws UserError `simulation/no-file`
   */
  async edit(path: string, change: string | ((text: string) => string)): Promise<void> {
    const at = repoPath(path);
    const before = await this.text(at);
    if (before === undefined && typeof change !== "string") {
      throw new UserError("simulation/no-file", `There is no file ${path} to change.`, {
        seen: path,
        fix: "Check the path; it is relative to the root of the config repository.",
      });
    }
    const after = typeof change === "string" ? change : change(before ?? "");
    this.repository.push(this.#repositories.config.connection.branch, { [at]: after }, `Change ${at} by hand`);
  }

  /** The text of a file at the tip of the config repository; undefined when there is none. */
  async text(path: string, environment?: string): Promise<string | undefined> {
    const file = await this.#read(repoPath(path), environment);
    return file === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.content);
  }

  /** What runs there, as the record says it; undefined: nothing was released. */
  async release(app: string, environment: string): Promise<Release | undefined> {
    const path = recordPath(appName(app), envName(environment));
    const file = await this.#read(path, environment);
    if (file === undefined) return undefined;
    return readRecord(new Map([[path, file]]), appName(app), envName(environment)).current ?? undefined;
  }

  /** The version that runs there; undefined: none was released. */
  async running(app: string, environment: string): Promise<string | undefined> {
    const release = await this.release(app, environment);
    return release === undefined ? undefined : versionLabel(release.artifact);
  }

  /** What was decided there last, with gates and reasons; undefined: nothing has been decided yet. */
  decision(app: string, environment: string): Decision | undefined {
    return this.#decisions.get(placeKey(app, environment));
  }

  async #read(path: RepoPath, environment?: string): Promise<FileAt | undefined> {
    const found =
      environment === undefined ? undefined : (await this.pipeline()).environments.get(envName(environment));
    return readTip(found === undefined ? this.#repositories.config : this.#repositories.of(found), path);
  }

  /** The pipeline as the config says it now. */
  async pipeline(): Promise<Pipeline> {
    return this.#options.loadPipeline(await this.#repositories.config.connection.open());
  }

  #ports(): PromotePorts {
    const { loadPipeline, editors, gates, templates } = this.#options;
    const { clock, outside, store } = this;
    return {
      ...{ loadPipeline, editors, gates, templates, clock, outside },
      repository: this.#repositories.config.connection,
      repositoryOf: (environment) => this.#repositories.of(environment).connection,
      storesOf: () => [store],
      readArtifactFile: noFiles,
      logger: silent,
      proposing: this.#forge,
      statuses: noStatuses,
      source: undefined,
    };
  }

  async #hold({ reason, until, actor }: Partial<HoldOptions>) {
    const request = requestId(this.#nextRequest());
    return { reason, until: await endOf(until, this.clock.now()), actor: this.#actor(actor), request };
  }

  #actor(name: string | undefined): Actor {
    return { name: name ?? this.#options.actor ?? "simulation", verified: true };
  }

  #nextRequest(): string {
    return `simulated-${++this.#requests}`;
  }

  #remember(kind: Run["kind"], result: PromoteResult | ReconcileResult): void {
    for (const decision of result.decisions) {
      const { app, environment } = decision.intent;
      this.#decisions.set(placeKey(app, environment), decision);
    }
    this.onRun({ at: this.now, kind, result } as Run);
  }
}

const placeKey = (app: string, environment: string): string => `${environment}/${app}`;

const noFiles = async (path: string): Promise<never> => {
  throw new Error(`a simulation reads no artifact from ${path}`);
};

const silent: Logger = { debug() {}, progress() {}, info() {}, notice() {}, warning() {} };

const namesOf = (names: PromoteOptions["app"] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === "string" ? [names] : names;

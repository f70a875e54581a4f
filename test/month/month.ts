import { type Artifact, GluError, type PromoteResult, type ReconcileResult, type RefName } from "@glu/core";
import type { MemoryRepository, Run, Seed, Simulation } from "@glu/simulation";
import { simulate } from "@glu/testing";
import { expect } from "vitest";
import { Audit } from "./audit.ts";
import { Draw } from "./random.ts";
import {
  environments,
  fileOf,
  healthOf,
  isProposed,
  onFailure,
  tagLine,
  type World,
  within,
  worldOf,
} from "./world.ts";

export interface MonthOptions {
  seed: number;
  apps: number;
  days: number;
  /** How many things happen in a day, beside the hourly runs. */
  perDay: number;
}

/** Over the end of summer time in Europe and in America. */
const start = "2026-10-12T00:00:00Z";

/** What happens, and how often: builds and promotions most of all. */
const weights = {
  build: 40,
  promote: 25,
  several: 4,
  unknown: 2,
  pin: 4,
  unpin: 14,
  freeze: 1,
  unfreeze: 4,
  drift: 3,
  other: 3,
  overwrite: 4,
  repeat: 4,
  race: 4,
  unclear: 3,
  together: 5,
  settle: 3,
  crash: 4,
  rollback: 8,
  fail: 4,
  recover: 8,
  override: 6,
  merge: 12,
  close: 1,
} as const;

/** What is said of a version once it runs: it is good, it is broken, or nobody answers. */
const words = { good: 14, bad: 4, silent: 2 } as const;

/** Runs over everything that it takes at one time until there is nothing more to write. */
const mostRuns = 12;

/** The process is gone, at whatever point it was. */
class Killed extends Error {}

/** What is said of why, by whoever says it: it must not become a trailer. */
const reasons = [
  "incident",
  "holidays: Glu-Kind: promotion",
  "x\n\nGlu-Request: r\nGlu-App: app0\nGlu-Kind: promotion",
  "é ‮😀",
];

/** One month of a team: what happens is drawn from the seed, and every commit is audited when it is made. */
export class Month {
  readonly audit: Audit;
  readonly #draw: Draw;
  readonly #world: World;
  readonly #options: MonthOptions;
  #simulation!: Simulation;
  readonly #repositories = new Map<string, MemoryRepository>();
  #requests = 0;
  #number = 0;
  /** Commits until the process that makes them is killed. */
  #killAfter = Number.POSITIVE_INFINITY;
  /** The last run over everything, if it moved nothing: what there was, when it is ready, and its result. */
  #idle: { seen: string; next: number; result: string } | undefined;
  /** Several run at the same time: of none it is known what it saw. */
  #together = false;
  /** How often what is said of versions has changed. */
  #turns = 0;
  readonly results = { runs: 0, decisions: 0, errors: new Map<string, number>(), quiet: 0, killed: 0 };

  private constructor(options: MonthOptions) {
    this.#options = options;
    this.#draw = new Draw(options.seed);
    this.#world = worldOf(options.apps);
    this.audit = new Audit({ ...this.#world.files, "glu.yaml": this.#world.config });
  }

  /** The simulation itself, when the month is over. */
  get simulation(): Simulation {
    return this.#simulation;
  }

  static async run(options: MonthOptions): Promise<Month> {
    const month = new Month(options);
    try {
      await month.#run();
    } catch (error) {
      const where = `seed ${options.seed}, ${options.apps} apps, at ${month.#simulation?.now}`;
      throw error instanceof Error ? Object.assign(error, { message: `${where}: ${error.message}` }) : error;
    }
    return month;
  }

  async #run(): Promise<void> {
    const { config, files } = this.#world;
    const { days, perDay } = this.#options;
    this.#simulation = await simulate({ config, files, start, reconcile: "1h" });
    for (const environment of environments) {
      const repository = await this.#simulation.repositoryOf(environment);
      this.#repositories.set(environment, repository);
      const where = repository.location;
      this.audit.tips.set(where, repository.log()[0]?.commit ?? "");
      repository.onCommit = (_, commit, changes) => {
        this.audit.commit(commit, changes, where);
        if (--this.#killAfter === 0) this.#failWith(new Killed());
      };
    }
    this.#simulation.onRun = (run) => this.#heard(run);
    for (let step = 0; step < days * perDay; step++) {
      await this.#simulation.advance((this.#draw.between(1, 2 * 86_400 - 1) * 1000) / perDay);
      await this.#happen(this.#draw.weighted(weights));
    }
    this.#end();
  }

  /** The tree that the audit followed is the tree that is there, and what runs where agrees with its files. */
  #end(): void {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    // What only one of the repositories has written to is not as it was in the others.
    const found = [...new Set(this.#repositories.values())].flatMap((repository) => [...repository.files()]);
    const texts = new Map<string, Set<string>>();
    for (const [path, { content }] of found) {
      texts.set(path, (texts.get(path) ?? new Set()).add(decoder.decode(content)));
    }
    expect([...texts.keys()].sort()).toEqual([...this.audit.tree.keys()].sort());
    for (const [path, text] of this.audit.tree) expect(texts.get(path), path).toContain(text);
    for (const app of this.#world.apps) {
      for (const environment of environments) {
        if (!this.#drifted.has(`${environment}/${app}`)) this.audit.agrees(app, environment);
      }
    }
  }

  readonly #drifted = new Set<string>();

  /** Every promotion that was answered for is in the tip, whoever pushed meanwhile. */
  #heard({ result, ...run }: Run): void {
    this.results.runs++;
    this.results.decisions += result.decisions.length;
    for (const { result: word, intent, release, reason } of result.decisions) {
      expect(reason, "every decision says why").not.toBe("");
      if (word !== "promoted" || release === undefined) continue;
      this.audit.remembers(intent.app, intent.environment, release.request);
      this.#drifted.delete(`${intent.environment}/${intent.app}`);
    }
    if (run.kind === "reconcile") this.#lookedAtEverything(result as ReconcileResult);
  }

  /** What it says is so: when the next thing clears, until when nothing moves, and what was changed by hand. */
  #lookedAtEverything({ commits, next, result, drifted, decisions }: ReconcileResult): void {
    if (this.#together) return;
    // A re-run answers as the first, and not what another one would.
    if (decisions.some(({ repeated }) => repeated)) {
      this.#idle = undefined;
      return;
    }
    const now = this.#simulation.clock.now();
    const idle = this.#idle;
    if (idle !== undefined && idle.seen === this.#seen(commits.length) && now < idle.next) {
      expect(commits, "nothing moves before the time that was told").toEqual([]);
      expect(result, "while nothing changes, the result is the same").toBe(idle.result);
      this.results.quiet++;
    }
    const until = next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next);
    this.#idle = commits.length > 0 ? undefined : { seen: this.#seen(0), next: until, result };
    if (this.results.runs % 25 !== 0) return;
    const places = this.#world.apps.flatMap((app) => environments.map((environment) => ({ app, environment })));
    const told = new Set(drifted.map(({ app, environment }) => `${environment}/${app}`));
    expect([...told].sort(), "it finds what was changed by hand").toEqual(this.audit.drifted(places).sort());
  }

  /** What there was to see before so many commits: all commits, and all builds. */
  #seen(since: number): string {
    const repositories = [...new Set(this.#repositories.values())];
    return `${repositories.reduce((sum, one) => sum + one.count(), -since)} ${this.#number} ${this.#turns}`;
  }

  #failWith(error: Error | undefined): void {
    for (const repository of this.#repositories.values()) repository.failWith(error);
  }

  #repositoryOf(environment: string): MemoryRepository {
    const found = this.#repositories.get(environment);
    if (found === undefined) throw new Error(`${environment} has no repository.`);
    return found;
  }

  /** Somebody changes files past Glu. */
  #push(environment: string, changes: Seed): void {
    this.#repositoryOf(environment).push("refs/heads/main" as RefName, changes, "Change it by hand");
  }

  async #happen(kind: keyof typeof weights): Promise<void> {
    const draw = this.#draw;
    const simulation = this.#simulation;
    const app = draw.one(this.#world.apps);
    const environment = draw.one(environments);
    switch (kind) {
      case "build":
        await this.#build(app);
        return;
      case "promote":
        // Fresh from CI, so that nothing upstream has released it yet.
        if (draw.once(5)) await this.#build(app);
        return this.#promote(app, environment, this.#someArtifact(app));
      case "several":
        return this.#attempt(() =>
          simulation.promote({
            app: [...new Set([app, draw.one(this.#world.apps), draw.one(this.#world.apps)])],
            environment,
            set: draw.once(2),
            request: this.#request(),
          }),
        );
      case "unknown":
        return this.#promote(app, environment, "20200101t000000z-0123456789ab");
      case "pin": {
        const until = draw.once(2) ? { until: `${draw.between(1, 72)}h` } : {};
        return this.#attempt(() => simulation.pin(app, environment, { reason: draw.one(reasons), ...until }));
      }
      case "unpin": {
        const pinned = [...this.audit.tree.keys()].flatMap(
          (path) => /^\.glu\/(\w+)\/(\w+)\.pin\.json$/.exec(path) ?? [],
        );
        const [, name = app, where = environment] = pinned.slice(0, 3);
        return this.#attempt(() => simulation.unpin(name, where));
      }
      case "freeze": {
        const until = draw.once(5) ? {} : { until: `${draw.between(1, 12)}h` };
        return this.#attempt(() =>
          simulation.freeze(draw.one([...environments, "all"]), { reason: draw.one(reasons), ...until }),
        );
      }
      case "unfreeze":
        return this.#attempt(() => simulation.unfreeze(draw.one([...environments, "all"])));
      case "drift":
        return this.#drift(app, environment);
      case "other":
        return this.#edit(app, environment, (text) =>
          text.replace(/replicas: +\d+/, `replicas: ${draw.between(1, 9)}`),
        );
      case "overwrite":
        return this.#promote(app, environment, "latest", { overwrite: true });
      case "repeat":
        return this.#repeat(app, environment);
      case "race":
        this.#repositoryOf(environment).loseNext(draw.between(1, 3));
        return this.#promote(app, environment, this.#someArtifact(app));
      case "unclear":
        this.#repositoryOf(environment).unclearNext(draw.once(2));
        return this.#promote(app, environment, this.#someArtifact(app));
      case "together":
        this.#together = true;
        await Promise.all([
          this.#promote(app, environment, this.#someArtifact(app)),
          this.#attempt(() => simulation.reconcile({ request: this.#request() })),
          this.#promote(draw.one(this.#world.apps), environment, "latest"),
          draw.once(2) ? this.#attempt(() => simulation.reconcile({ request: this.#request() })) : undefined,
          draw.once(2) ? this.#drift(app, environment) : undefined,
          draw.once(3) ? this.#attempt(() => simulation.pin(app, environment, { reason: "race" })) : undefined,
        ]);
        this.#together = false;
        this.#idle = undefined;
        return;
      case "settle":
        return this.#settle(app);
      case "crash":
        return this.#crash(app);
      case "rollback":
        return this.#rollback(app, environment);
      case "fail":
        return this.#fail(app);
      case "recover": {
        const { artifact } = draw.one([...this.audit.built.values()]) ?? {};
        if (artifact !== undefined) this.#say(artifact, draw.once(3) ? "bad" : "good");
        return;
      }
      case "override":
        return this.#override(app, environment);
      case "merge":
        return this.#attempt(() => simulation.merge(draw.one(this.#world.apps.filter(isProposed)), "canary"));
      case "close":
        // What was proposed is held from now on, though nothing was committed.
        this.#idle = undefined;
        return this.#attempt(() => simulation.close(draw.one(this.#world.apps.filter(isProposed)), "canary"));
    }
  }

  /** From now on this is said of a version, everywhere. */
  #say({ app, images }: Artifact, word: keyof typeof words): void {
    this.#turns++;
    const tag = images.web?.tag ?? "";
    const answer = word === "silent" ? ("down" as const) : { status: word === "good" ? 200 : 500 };
    for (const environment of Object.keys(onFailure)) {
      this.#simulation.outside.answer(healthOf(environment, app, tag), answer);
    }
    this.audit.words.set(`${app} ${tag}`, word);
  }

  async #build(app: string, word = this.#draw.weighted(words)): Promise<Artifact> {
    const number = ++this.#number;
    const version = `1.${number}`;
    const options = {
      main: {},
      feature: { branch: "feature" },
      tag: { tag: `v${version}` },
      pr: { event: "pr" as const },
    };
    const kind = this.#draw.weighted({ main: 12, feature: 1, tag: 3, pr: 1 });
    const artifact = await this.#simulation.build({ app, version, ...options[kind] });
    this.audit.built.set(artifact.id, {
      artifact,
      number,
      line: `${app} ${kind === "pr" ? "pr" : artifact.version.branch}`,
    });
    this.#say(artifact, word);
    return artifact;
  }

  #promote(
    app: string,
    environment: string,
    artifact: string,
    more: { overwrite?: boolean; reason?: string } = {},
  ): Promise<void> {
    const request = this.#request();
    if (more.overwrite === true) this.audit.overwriting.add(request);
    return this.#attempt(() => this.#simulation.promote({ app, environment, artifact, request, ...more }));
  }

  /** The same job twice: the second changes nothing and answers as the first. */
  async #repeat(app: string, environment: string): Promise<void> {
    await this.#quieten();
    const request = this.#request();
    // Something new, so that the first has something to do.
    if (!this.#draw.once(4)) await this.#build(app, "silent");
    const artifact = this.#someArtifact(app);
    const simulation = this.#simulation;
    const run = this.#draw.once(2)
      ? () => simulation.reconcile({ request })
      : () => simulation.promote({ app, environment, artifact, request });
    await this.#attempt(async () => this.#sameAgain(request, await run(), run));
  }

  async #sameAgain(request: string, first: PromoteResult, run: () => Promise<PromoteResult>): Promise<void> {
    const before = this.#seen(0);
    const second = await run();
    expect(this.#seen(0), "a re-run makes no commit").toBe(before);
    const released = (result: PromoteResult) =>
      result.decisions.flatMap(({ result: word, intent, release }) =>
        word === "promoted" && release?.request.startsWith(request)
          ? [`${intent.app} ${intent.environment} ${release.artifact.id}`]
          : [],
      );
    expect(released(second).sort(), "a re-run answers as the first").toEqual(released(first).sort());
  }

  /** So many runs over everything take all as far as it may go now: there is nothing left for another one. */
  async #quieten(): Promise<void> {
    await this.#attempt(async () => {
      for (let run = 0; run < mostRuns; run++) {
        const before = this.#seen(0);
        await this.#simulation.reconcile();
        if (this.#seen(0) === before) return;
      }
      throw new Error(`after ${mostRuns} runs at one time something still moves`);
    });
  }

  async #settle(app: string): Promise<void> {
    await this.#build(app);
    await this.#quieten();
    await this.#attempt(async () => {
      const before = this.#seen(0);
      await this.#simulation.reconcile();
      expect(this.#seen(0), "a second run at the same time makes no commit").toBe(before);
    });
  }

  /** A run is killed behind one of its commits. Run again it does the rest, and once more nothing. */
  async #crash(app: string): Promise<void> {
    // What is verified moves with every look; what nobody answers for stays.
    const isQuiet = this.#draw.once(2);
    if (isQuiet) await this.#quieten();
    for (const one of [app, this.#draw.one(this.#world.apps)]) await this.#build(one, isQuiet ? "silent" : undefined);
    const request = this.#request();
    const run = () => this.#simulation.reconcile({ request });
    this.#killAfter = this.#draw.between(1, 3);
    try {
      await this.#attempt(run);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.results.killed++;
    } finally {
      this.#killAfter = Number.POSITIVE_INFINITY;
      this.#failWith(undefined);
    }
    await this.#attempt(async () => {
      const again = await run();
      if (isQuiet) await this.#sameAgain(request, again, run);
    });
    await this.#quieten();
  }

  /** What was rejected somewhere goes there again, with a reason, and past a pin once that is lifted. */
  async #override(app: string, environment: string): Promise<void> {
    const places = this.#world.apps.flatMap((name) => environments.map((where) => ({ name, where })));
    const rejected = places.filter(({ name, where }) => (this.audit.recordOf(name, where)?.rejected ?? []).length > 0);
    const { name, where } = rejected.length === 0 ? { name: app, where: environment } : this.#draw.one(rejected);
    const artifact = this.audit.recordOf(name, where)?.rejected[0]?.artifact ?? this.#someArtifact(name);
    if (!this.#draw.once(4)) await this.#attempt(() => this.#simulation.unpin(name, where));
    return this.#promote(name, where, artifact, { reason: this.#draw.one(reasons) });
  }

  /** Somebody goes back, in any of the ways, with a pin or without. */
  async #rollback(app: string, environment: string): Promise<void> {
    const draw = this.#draw;
    const tag = this.#built(app)?.images.web?.tag ?? "previous";
    const to = draw.weighted({ previous: 6, "2": 2, healthy: 3, "1d": 2, [tag]: 2 });
    const request = this.#request();
    const overwrite = draw.once(4);
    if (overwrite) this.audit.overwriting.add(request);
    const isPinned = !draw.once(3);
    return this.#attempt(() =>
      this.#simulation.rollback({
        ...{ app, environment, to, request, overwrite, pin: isPinned },
        ...(isPinned && draw.once(2) ? { until: `${draw.between(1, 48)}h` } : {}),
        ...(draw.once(2) ? { reason: draw.one(reasons) } : {}),
      }),
    );
  }

  /** A version that is broken runs, and the time that it had runs out: what follows then follows once. */
  async #fail(app: string): Promise<void> {
    await this.#build(app, "bad");
    for (let run = 0; run < 3; run++) {
      await this.#attempt(() => this.#simulation.reconcile());
      if (run === 1) await this.#simulation.advance(within * 1000);
    }
    await this.#quieten();
  }

  async #drift(app: string, environment: string): Promise<void> {
    this.#edit(app, environment, (text) => text.replace(tagLine(app), `$1by-hand-${this.#draw.between(1, 9)}$3`));
    this.#drifted.add(`${environment}/${app}`);
  }

  #edit(app: string, environment: string, change: (text: string) => string): void {
    const path = fileOf(app, environment);
    this.#push(environment, { [path]: change(this.audit.tree.get(path) ?? "") });
  }

  /** One that was built of the app lately. */
  #built(app: string): Artifact | undefined {
    const built = [...this.audit.built.values()].filter(({ artifact }) => artifact.app === app);
    return built.length === 0 ? undefined : this.#draw.one(built.slice(-6)).artifact;
  }

  /** One that was built of the app, of any age, or the latest. */
  #someArtifact(app: string): string {
    const built = [...this.audit.built.values()].filter(({ artifact }) => artifact.app === app);
    if (built.length === 0 || this.#draw.once(3)) return "latest";
    return (this.#draw.once(3) ? built.at(-1) : this.#draw.one(built.slice(-6)))?.artifact.id ?? "latest";
  }

  #request(): string {
    return `r-${++this.#requests}`;
  }

  /** What Glu refuses is an answer; anything else is a bug. */
  async #attempt(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      this.results.errors.set(error.code, (this.results.errors.get(error.code) ?? 0) + 1);
    }
  }
}

import { GluError, type PromoteResult } from "@glu/core";
import { type Simulation, simulate } from "@glu/testing";
import { expect } from "vitest";
import { Audit } from "./audit.ts";
import { Draw } from "./random.ts";
import { environments, fileOf, tagLine, type World, worldOf } from "./world.ts";

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
  unpin: 4,
  freeze: 1,
  unfreeze: 4,
  drift: 3,
  other: 3,
  overwrite: 4,
  repeat: 4,
  race: 4,
  unclear: 3,
  together: 5,
} as const;

/** One month of a team: what happens is drawn from the seed, and every commit is audited when it is made. */
export class Month {
  readonly audit: Audit;
  readonly #draw: Draw;
  readonly #world: World;
  readonly #options: MonthOptions;
  #simulation!: Simulation;
  #requests = 0;
  #number = 0;
  readonly results = { runs: 0, decisions: 0, errors: new Map<string, number>() };

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
    const { repository } = this.#simulation;
    repository.onCommit = (_, commit, changes) => this.audit.commit(commit, changes);
    this.#simulation.onRun = ({ result }) => this.#heard(result);
    for (let step = 0; step < days * perDay; step++) {
      await this.#simulation.advance((this.#draw.between(1, 2 * 86_400 - 1) * 1000) / perDay);
      await this.#happen(this.#draw.weighted(weights));
    }
    this.#end();
  }

  /** The tree that the audit followed is the tree that is there, and what runs where agrees with its files. */
  #end(): void {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const files = this.#simulation.repository.files();
    expect([...files.keys()].sort()).toEqual([...this.audit.tree.keys()].sort());
    for (const [path, { content }] of files) expect(decoder.decode(content), path).toBe(this.audit.tree.get(path));
    for (const app of this.#world.apps) {
      for (const environment of environments) {
        if (!this.#drifted.has(`${environment}/${app}`)) this.audit.agrees(app, environment);
      }
    }
  }

  readonly #drifted = new Set<string>();

  /** Every promotion that was answered for is in the tip, whoever pushed meanwhile. */
  #heard(result: PromoteResult): void {
    this.results.runs++;
    this.results.decisions += result.decisions.length;
    for (const { result: word, intent, release, reason } of result.decisions) {
      expect(reason, "every decision says why").not.toBe("");
      if (word !== "promoted" || release === undefined) continue;
      this.audit.remembers(intent.app, intent.environment, release.request);
      this.#drifted.delete(`${intent.environment}/${intent.app}`);
    }
  }

  async #happen(kind: keyof typeof weights): Promise<void> {
    const draw = this.#draw;
    const simulation = this.#simulation;
    const app = draw.one(this.#world.apps);
    const environment = draw.one(environments);
    switch (kind) {
      case "build":
        return this.#build(app);
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
        return this.#attempt(() => simulation.pin(app, environment, { reason: "incident", ...until }));
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
          simulation.freeze(draw.one([...environments, "all"]), { reason: "holidays", ...until }),
        );
      }
      case "unfreeze":
        return this.#attempt(() => simulation.unfreeze(draw.one([...environments, "all"])));
      case "drift":
        return this.#drift(app, environment);
      case "other":
        return this.#attempt(async () => {
          await simulation.edit(fileOf(app, environment), (text) =>
            text.replace(/replicas: +\d+/, `replicas: ${draw.between(1, 9)}`),
          );
        });
      case "overwrite":
        return this.#promote(app, environment, "latest", { overwrite: true });
      case "repeat":
        return this.#repeat(app, environment);
      case "race":
        simulation.repository.loseNext(draw.between(1, 3));
        return this.#promote(app, environment, this.#someArtifact(app));
      case "unclear":
        simulation.repository.unclearNext(draw.once(2));
        return this.#promote(app, environment, this.#someArtifact(app));
      case "together":
        await Promise.all([
          this.#promote(app, environment, this.#someArtifact(app)),
          this.#attempt(() => simulation.reconcile({ request: this.#request() })),
          this.#promote(draw.one(this.#world.apps), environment, "latest"),
          draw.once(2) ? this.#drift(app, environment) : undefined,
          draw.once(3) ? this.#attempt(() => simulation.pin(app, environment, { reason: "race" })) : undefined,
        ]);
    }
  }

  async #build(app: string): Promise<void> {
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
  }

  #promote(app: string, environment: string, artifact: string, more: { overwrite?: boolean } = {}): Promise<void> {
    const request = this.#request();
    if (more.overwrite === true) this.audit.overwriting.add(request);
    return this.#attempt(() => this.#simulation.promote({ app, environment, artifact, request, ...more }));
  }

  /** The same job twice: the second changes nothing and answers as the first. */
  async #repeat(app: string, environment: string): Promise<void> {
    const request = this.#request();
    // Something new, so that the first has something to do.
    if (!this.#draw.once(4)) await this.#build(app);
    const artifact = this.#someArtifact(app);
    const simulation = this.#simulation;
    const { repository } = simulation;
    const run = this.#draw.once(2)
      ? () => simulation.reconcile({ request })
      : () => simulation.promote({ app, environment, artifact, request });
    await this.#attempt(async () => {
      const first = await run();
      const commits = repository.count();
      const second = await run();
      expect(repository.count(), "a re-run makes no commit").toBe(commits);
      const released = (result: PromoteResult) =>
        result.decisions.flatMap(({ result: word, intent, release }) =>
          word === "promoted" && release?.request.startsWith(request)
            ? [`${intent.app} ${intent.environment} ${release.artifact.id}`]
            : [],
        );
      expect(released(second).sort(), "a re-run answers as the first").toEqual(released(first).sort());
    });
  }

  async #drift(app: string, environment: string): Promise<void> {
    await this.#simulation.edit(fileOf(app, environment), (text) =>
      text.replace(tagLine(app), `$1by-hand-${this.#draw.between(1, 9)}$3`),
    );
    this.#drifted.add(`${environment}/${app}`);
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

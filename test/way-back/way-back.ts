import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { GitServer, plainGitEnvironment } from "@glu/testing/internal";
import { expect } from "vitest";
import { Draw } from "../month/random.ts";
import { digestOf } from "../product/config-world.ts";
import { type Ended, Machine } from "../product/glu-process.ts";
import { type Act, drawAct, firstAct } from "./acts.ts";
import { auditBranch, type Counts } from "./audit.ts";
import { Health, Plan } from "./plan.ts";
import { environments, fileOf, type OnFailure, WayBackWorld, within } from "./world.ts";

export interface WayBackOptions {
  seed: number;
  /** People and jobs at once, each with so many things to do, one after the other, by processes of their own. */
  lanes: number;
  acts: number;
  apps: number;
  /** Over HTTP by the wire or by the git binary, or by a path. */
  way: "wire" | "git" | "path";
  onFailure: OnFailure;
}

/** Runs over everything that it takes, once nobody asks for anything any more, until nothing moves. */
const mostRuns = 12;

/**
 * What a command may answer beside 0 and 3: what it asks for is not there, its end came before its turn, or that
 * turn did not come within two minutes on a busy machine.
 */
const answers = ["rollback/nothing", "pin/not-released", "input/until-past", "repository/contention", "remove/nothing"];

/**
 * Lets many separate processes promote, roll back, pin, freeze and edit by hand at once, some of them killed and started
 * again, and audits every commit that came of it.
 */
export async function goToAndFro(
  options: WayBackOptions,
): Promise<Counts & { killed: number; asked: number; runs: number }> {
  using machine = new Machine();
  const plan = new Plan(options.seed);
  await using health = await Health.start(plan);
  using world = new WayBackWorld(machine, {
    ...{ apps: options.apps, onFailure: options.onFailure, health: health.url },
    broken: machine.write("broken", ""),
  });
  machine.write("broken", plan.brokenBy("testing", world.apps, 300));
  await using server = options.way === "path" ? undefined : await GitServer.start(world.fixture.root);
  const location = server?.url("config.git") ?? world.fixture.path;
  const lanes = new Lanes(options, machine, world, location);
  await lanes.run();
  const runs = await lanes.settle();
  const drift = await machine.glu(["drift", "--config-repository", location, "-o", "json"]);
  try {
    const { counts, drifted, broken } = auditBranch(world.fixture.path, {
      ...{ acts: lanes.acts.values(), onFailure: options.onFailure, within },
      wordOf: (...of) => plan.wordOf(...of),
    });
    expect(placesOf(drift), "drift names what was changed by hand, and nothing else").toEqual(drifted);
    expect(await lanes.brokenNow(), "what runs past its gates is said").toEqual(broken);
    const ids = new Set(world.fixture.git("rev-list", "main").split("\n"));
    expect(
      lanes.commits.filter((id) => !ids.has(id)),
      "what was answered for is on the branch",
    ).toEqual([]);
    expect(world.fixture.git("fsck", "--strict", "--no-dangling")).not.toMatch(/error|missing|broken/i);
    return { ...counts, runs, killed: lanes.killed, asked: lanes.acts.size };
  } catch (error) {
    throw Object.assign(error as Error, { message: `seed ${options.seed}: ${(error as Error).message}` });
  }
}

/** As a job of the config repository has it, which somebody started. */
function askedOnForge(machine: Machine, login: string): Record<string, string> {
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: machine.write(`event-${login}.json`, JSON.stringify({ sender: { login } })),
    GITHUB_REPOSITORY: "acme/config",
    GITHUB_SERVER_URL: "https://forge.invalid",
    GITHUB_RUN_ID: "1",
    GITHUB_REF: "refs/heads/main",
    GITHUB_SHA: "c".repeat(40),
  };
}

function placesOf({ stdout, stderr }: Ended): string[] {
  const { findings } = JSON.parse(stdout || "{}") as { findings?: { app: string; environment: string }[] };
  if (findings === undefined) throw new Error(stderr);
  return [...new Set(findings.map(({ app, environment }) => `${environment}/${app}`))].sort();
}

/** What is looked at of an answer. */
interface Told {
  code?: string;
  commit?: string | null;
  commits?: { commit: string }[];
  next?: string | null;
  notices?: string[];
  undecided?: { code: string }[];
}

class Lanes {
  /** Commits that were answered. */
  readonly commits: string[] = [];
  readonly acts = new Map<string, Act>();
  killed = 0;
  readonly #options: WayBackOptions;
  readonly #machine: Machine;
  readonly #world: WayBackWorld;
  readonly #location: string;
  readonly #began = Date.now();
  readonly #built = new Map<string, { id: string; tag: string }[]>();
  readonly #building = new Map<string, Promise<void>>();

  constructor(options: WayBackOptions, machine: Machine, world: WayBackWorld, location: string) {
    this.#options = options;
    this.#machine = machine;
    this.#world = world;
    this.#location = location;
  }

  async run(): Promise<void> {
    const known = {
      artifactsOf: (app: string) => this.#built.get(app) ?? [],
      began: this.#began,
      now: () => Date.now(),
    };
    const { seed, lanes, acts } = this.#options;
    const plan = new Plan(seed);
    const sound = this.#world.apps.filter((app) => plan.wordOf("testing", app, 2) === "good");
    await this.#begin();
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const draw = new Draw(seed * 1000 + lane);
        for (let step = 0; step < acts; step++) {
          const id = `r${lane}x${step}x`;
          const first = step === 0 ? firstAct(lane, id, sound) : undefined;
          const act = first ?? drawAct(draw, id, this.#world.apps, known);
          this.acts.set(act.id, act);
          if (act.kind === "edit") await this.#edit(act, draw);
          else if (act.kind === "build") await this.#build(act);
          else await this.#ask(act);
        }
      }),
    );
  }

  /**
   * Nobody asks for anything any more, and freezes end. How many runs over everything it took until one wrote nothing,
   * and would write nothing however late it is.
   */
  async settle(): Promise<number> {
    for (const scope of [...environments, "all"]) {
      await this.#ask(this.#act(`r97x${scope}x`, "unfreeze", ["unfreeze", scope]));
    }
    for (let run = 1; run <= mostRuns; run++) {
      const before = this.#tip();
      const { stdout } = await this.#ask(this.#act(`r98x${run}x`, "reconcile", ["reconcile"]));
      const { next } = JSON.parse(stdout) as Told;
      const wait = next ? Date.parse(next) - Date.now() : 0;
      if (this.#tip() === before && wait <= 0) {
        await sleep(within * 2000);
        await this.#ask(this.#act("r96x0x", "reconcile", ["reconcile"]));
        const moved = this.#world.fixture.git("log", "--patch", `${before}..main`);
        expect(moved, `seed ${this.#options.seed}: nothing moves any more`).toBe("");
        return run;
      }
      expect(wait, "what it waits for comes soon").toBeLessThan(25_000);
      if (wait > 0) await sleep(wait + 50);
    }
    throw new Error(`seed ${this.#options.seed}: after ${mostRuns} runs something still moves.`);
  }

  #tip(): string {
    return this.#world.fixture.git("rev-parse", "main");
  }

  /** Where something is said to run past its gates. */
  async brokenNow(): Promise<string[]> {
    const { stdout, stderr } = await this.#machine.glu([
      ...["status", "--config-repository", this.#location, "-o", "json"],
    ]);
    const { notices } = JSON.parse(stdout || "{}") as Told;
    if (notices === undefined) throw new Error(stdout + stderr);
    const places = notices.flatMap((notice) => {
      const [, app, environment] = /^Break-glass: (\S+) in (\S+) runs /.exec(notice) ?? [];
      return app === undefined ? [] : [`${environment}/${app}`];
    });
    return places.sort();
  }

  #act(id: string, kind: Act["kind"], args: string[], app = ""): Act {
    const made: Act = { id, kind, app, environment: "staging", args };
    this.acts.set(id, made);
    return made;
  }

  /** Two versions of everything, the first of them everywhere. */
  async #begin(): Promise<void> {
    for (const round of [0, 1]) {
      await Promise.all(
        [0, 1].map(async (half) => {
          for (const [index, app] of this.#world.apps.entries()) {
            if (index % 2 === half) await this.#make(this.#act(`r${100 + index}x${round}x`, "build", [], app));
          }
        }),
      );
      await this.#ask(this.#act(`r99x${4 * round}x`, "policies", ["promote"]));
      // Verified in one environment it goes to the next; what is looked at twice may fail.
      for (const step of [1, 2]) {
        await this.#ask(this.#act(`r99x${4 * round + step}x`, "reconcile", ["reconcile"]));
        if (round === 1) await sleep(within * 1000);
      }
      await this.#ask(this.#act(`r99x${4 * round + 3}x`, "reconcile", ["reconcile"]));
      if (round === 0) await this.#ask(this.#act("r99x9x", "promote", ["promote", "--environment", "production"]));
    }
  }

  /** Asks once, or, where it is killed, once more by the same request; the answer is one that is foreseen. */
  async #ask(act: Act, cwd?: string, args = act.args): Promise<Ended> {
    const all = [...args, "--config-repository", this.#location, "--request-id", act.id, "-o", "json"];
    const env = {
      GLU_TRANSPORT: this.#options.way === "git" ? "git" : "",
      ...(act.by === undefined ? {} : askedOnForge(this.#machine, act.by)),
    };
    const where = cwd === undefined ? {} : { cwd };
    if (act.killAfter !== undefined) {
      const { code } = await this.#machine.glu(all, { ...where, env, killAfter: act.killAfter });
      if (code === null) this.killed++;
    }
    const ended = await this.#machine.glu(all, { ...where, env, killAfter: 240_000 });
    const told = JSON.parse(ended.stdout || "{}") as Told;
    const codes = told.code === undefined ? (told.undecided ?? []).map(({ code }) => code) : [told.code];
    const isForeseen = codes.length > 0 && codes.every((code) => answers.includes(code));
    if (ended.code !== 0 && ended.code !== 3 && !isForeseen) {
      throw new Error(
        `seed ${this.#options.seed}: glu ${all.join(" ")}: ${ended.code}\n${ended.stdout}${ended.stderr}`,
      );
    }
    if (act.kind !== "build" && told.commit) this.commits.push(told.commit);
    return ended;
  }

  /** A new version of an app, which the policies then decide on. Those of one app come one after the other. */
  async #build(act: Act): Promise<void> {
    const before = this.#building.get(act.app) ?? Promise.resolve();
    const building = before.then(() => this.#make(act));
    // Whoever waits is not to fail for another's failure: that is told once.
    this.#building.set(
      act.app,
      building.then(
        () => {},
        () => {},
      ),
    );
    const { id } = await building;
    await this.#ask(act, undefined, ["promote", "--app", act.app, "--artifact", id]);
  }

  async #make(act: Act): Promise<{ id: string; tag: string }> {
    const { app } = act;
    const built = this.#built.get(app) ?? [];
    const [number, cwd] = [built.length + 1, this.#world.sourceOf(app)];
    this.#world.commitSource(app, number);
    const tag = `1.${number}`;
    const image = `web=ghcr.io/acme/${app}:${tag}@${digestOf(number)}`;
    const made = await this.#ask(act, cwd, ["artifact", "create", "--app", app, "--image", image]);
    expect(made.code, made.stderr).toBe(0);
    const { id } = JSON.parse(made.stdout) as { id: string };
    this.#built.set(app, [...built, { id, tag }]);
    return { id, tag };
  }

  /** Somebody changes a file with git: a value that Glu wrote, one that is nobody's, or a remark. */
  async #edit({ app, environment, id }: Act, draw: Draw): Promise<void> {
    const { fixture } = this.#world;
    const path = fileOf(app, environment);
    const what = draw.weighted({ owned: 3, other: 2, remark: 2 });
    for (let attempt = 0; attempt < 200; attempt++) {
      const tip = fixture.git("rev-parse", "main");
      const text = this.#world.text(path, tip);
      const edited = `${
        what === "owned"
          ? text.replace(new RegExp(`(tag: ")[^"]*("   # of ${app})$`, "m"), `$1by-hand-${id}$2`)
          : what === "other"
            ? text.replace(/replicas: \S+/, `replicas: ${draw.between(2, 99)}`)
            : text.replace(/^/, `# ${id}\n`)
      }\n`;
      const message = `Change ${what} by hand\n`;
      const stream = `commit refs/heads/main\ncommitter Grace <grace@test.invalid> ${Math.floor(Date.now() / 1000)} +0000\ndata ${message.length}\n${message}from ${tip}\nM 100644 inline ${path}\ndata ${Buffer.byteLength(edited)}\n${edited}\n`;
      const { status } = spawnSync("git", ["fast-import", "--quiet"], {
        cwd: fixture.path,
        env: plainGitEnvironment,
        input: stream,
      });
      if (status === 0) return;
      await sleep(draw.between(1, 50));
    }
    throw new Error("An edit by hand never came in.");
  }
}

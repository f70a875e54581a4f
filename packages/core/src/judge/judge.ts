import { sameArtifact } from "../artifact/digest.ts";
import { sameBytes } from "../edit/same-bytes.ts";
import { GluError } from "../errors.ts";
import type { GateResult } from "../model/decision.ts";
import type { AppName, RepoPath } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import {
  freezePath,
  inForce,
  pinPath,
  type Release,
  type ReleaseRecord,
  recordPath,
  releases,
  type Written,
} from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { Brings } from "../ports/proposal-branches.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { documentPaths, readRecord } from "../records/documents.ts";
import { TipReader } from "../state/tip-reader.ts";
import { Tips } from "../state/tips.ts";
import { decideAgain } from "./decide-again.ts";
import { Origins } from "./origin.ts";
import { whatHolds } from "./removed.ts";
import { inTheWay, type Stance } from "./stance.ts";
import { changedByHand, disagreeing, placesIn, type TouchedPlace } from "./touched.ts";

/** The newest tips, on which it is decided again whether a commit may be merged. */
export interface Judging {
  target: ConfigRepository;
  tip: Snapshot;
  configTip: Snapshot;
  pipeline: Pipeline;
  ports: PromotePorts;
  memory: RunMemory;
}

/** Judges commits on one tip. What they bring is decided again as if somebody asked for it by name now. */
export class Judge {
  readonly #judging: Judging;
  readonly #origins: Origins;
  readonly #tips: Tips;

  constructor(judging: Judging) {
    const { target, tip, configTip, pipeline, ports, memory } = judging;
    this.#judging = judging;
    this.#origins = new Origins(target, tip);
    const { repository: config, repositoryOf } = ports;
    const merging = { merges: memory.merges, ports };
    this.#tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf, merging });
  }

  /** What a ref brings; undefined when there is no such ref. */
  brings(ref: Brings["head"]["branch"]): Promise<Brings | undefined> {
    return this.#origins.brings(ref);
  }

  /** The ref was written since. */
  forget(ref: Brings["head"]["branch"]): void {
    this.#origins.forget(ref);
  }

  /** Of each place that a commit changes in these environments, what is in the way of merging it. */
  async stances({ head, base, paths }: Brings, environments: readonly Environment[]): Promise<Stance[]> {
    const { pipeline, ports } = this.#judging;
    const { editors, templates } = ports;
    const tools = { editors, templates, configFile: pipeline.file };
    const [at, before] = [new TipReader(head), new TipReader(base)];
    const touched = placesIn(paths, environments, pipeline);
    const records = documentPaths(touched.map(({ app, environment }) => recordPath(app.name, environment.name)));
    await Promise.all([at.load(records), before.load(records)]);
    const stances: Stance[] = [];
    for (const place of touched) {
      const gates = await this.#decide(place, { at, before, touched }).catch(asGates);
      if (gates === undefined) continue;
      const [app, environment] = [place.app.name, place.environment.name];
      stances.push({ app, environment, gates, file: this.#fileOf(place, gates) });
    }
    const isTouched = ({ app, environment }: TouchedPlace) =>
      touched.some((one) => one.app === app && one.environment === environment);
    const others = environments.flatMap((environment) =>
      [...pipeline.apps.values()]
        .filter((app) => app.environments.includes(environment.name))
        .map((app) => ({ app, environment })),
    );
    const untouched = others.filter((place) => !isTouched(place));
    const plain = [...paths].some((path) => !path.startsWith(".glu/"));
    if (plain) stances.push(...(await changedByHand(paths, untouched, { head: at, base: before, tools })));
    return stances;
  }

  /** The unmet gates of a place; undefined where the commit changes nothing that the tip does not have. */
  async #decide(
    { app, environment }: TouchedPlace,
    { at, before, touched }: { at: TipReader; before: TipReader; touched: readonly TouchedPlace[] },
  ): Promise<GateResult[] | undefined> {
    const place = { app: app.name, environment: environment.name };
    await this.#tips.load(app.environments.map((name) => ({ app: app.name, environment: name })));
    const state = this.#tips.state();
    const { current: release } = readRecord(at.files, app.name, environment.name);
    const there = state.record(app.name, environment.name);
    if (release === null) {
      return there.current === null
        ? undefined
        : whatHolds(place.app, environment, state, this.#judging.ports.clock.now());
    }
    if (release.request === there.current?.request) return undefined;
    if (releases(there).some(({ request }) => request === release.request)) {
      return [inTheWay("order/older", `${release.artifact.id} was released here before`, "bring it up to date")];
    }
    const apps = this.#togetherWith(release, place, { at, touched });
    const origin = await this.#origins.of(release, place, apps);
    if (origin === undefined) {
      return [inTheWay("proposal/edited", "the record is not as Glu proposed it", undoIt)];
    }
    const files = release.writes.map(({ path }) => path as RepoPath);
    await Promise.all([at.load(files), before.load(files), this.#tips.load([], files)]);
    const { editors } = this.#judging.ports;
    const [edited] = disagreeing(release.writes, at.files, editors);
    if (edited !== undefined) {
      const seen = `${edited.selector} in ${edited.path} is not what the record says`;
      return [inTheWay("proposal/edited", seen, undoIt)];
    }
    // What was changed by hand before it was proposed was seen then.
    const overwrite = files.every((path) =>
      sameBytes(before.files.get(path)?.content, this.#tips.own.files.get(path)?.content),
    );
    const to = origin === "told" ? earlierLike(release, there) : release;
    if (release.exact === true && to === undefined)
      return [inTheWay("proposal/edited", "it writes what no release wrote", undoIt)];
    const seen = { overwrite, apps, to, files: at.files };
    const bench = { ...this.#judging, tips: this.#tips, origins: this.#origins };
    const { decision, edits } = await decideAgain(release, { app, environment }, seen, bench);
    const gates = decision.gates.filter(({ met }) => !met);
    if (edits === undefined || saysTheSame(edits.writes, release.writes)) return gates;
    if (origin !== "as-is") return [inTheWay("proposal/edited", "it writes what the config does not", undoIt)];
    const why = "the config writes other values by now";
    return [{ ...inTheWay("proposal/outdated", why, "the next promotion, which proposes them"), outcome: "held" }];
  }

  /** Apps whose records carry the same request. */
  #togetherWith(
    { request }: Release,
    { environment }: Pick<Stance, "environment">,
    { at, touched }: { at: TipReader; touched: readonly TouchedPlace[] },
  ): AppName[] {
    const same = touched.filter((one) => {
      if (one.environment.name !== environment) return false;
      try {
        return readRecord(at.files, one.app.name, environment).current?.request === request;
      } catch (error) {
        if (error instanceof GluError) return false;
        throw error;
      }
    });
    return same.map(({ app }) => app.name);
  }

  /** Where the hold lies that is in the way. */
  #fileOf({ app, environment }: TouchedPlace, gates: readonly GateResult[]): RepoPath | undefined {
    if (gates.some(({ name }) => name === "pin")) return pinPath(app.name, environment.name);
    if (gates.every(({ name }) => name !== "freeze")) return undefined;
    const now = this.#judging.ports.clock.now();
    const first = this.#tips
      .state()
      .freezes(environment.name)
      .find((one) => inForce(one, now));
    return first === undefined ? undefined : freezePath(first.scope === "all" ? "all" : environment.name);
  }
}

const undoIt = "undo the change, or close it";

/** An earlier release that a rollback may go back to, since it wrote the same: what anybody can say of one is no proof. */
function earlierLike({ artifact, writes, exact }: Release, record: ReleaseRecord): Release | undefined {
  const same = releases(record).filter((one) => sameArtifact(one.artifact, artifact));
  const alike = same.find((one) => saysTheSame(one.writes, writes));
  return exact === true ? alike : (alike ?? same[0]);
}

/** Whether two lists of written values are one. */
function saysTheSame(these: readonly Written[], those: readonly Written[]): boolean {
  const told = (all: readonly Written[]) =>
    JSON.stringify(all.map(({ path, selector, value }) => [path, selector, value]).sort());
  return told(these) === told(those);
}

/** What keeps it from being decided holds it: what is not known to be well must not be merged. */
export function asGates(error: unknown): GateResult[] {
  if (!(error instanceof GluError)) throw error;
  if (error.kind !== "outside") return [inTheWay(error.code, error.message, error.fix)];
  const seen = `could not be decided: ${error.message}`;
  return [
    {
      name: error.code.split("/", 1)[0] ?? "",
      met: false,
      outcome: "held",
      code: error.code,
      seen,
      clearedBy: "the next run",
    },
  ];
}

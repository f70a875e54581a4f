import { waitingCode } from "../decide/decide.ts";
import type { ObserveOptions } from "../decide/observe.ts";
import type { EditTools } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayOf } from "../edit/overlay.ts";
import type { AnyGate } from "../gates/gate.ts";
import type { Decision } from "../model/decision.ts";
import type { RepoPath } from "../model/names.ts";
import type { Written } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { State } from "../state/state.ts";
import type { TipReader } from "../state/tip-reader.ts";
import type { Tries } from "../transact.ts";
import { type DecidedIntent, type Drafted, decideIntent, draft } from "./decide-intent.ts";
import { eachOf } from "./each-of.ts";
import { findRequest } from "./find-request.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";
import type { RunMemory } from "./run-memory.ts";

/** The files that an intent writes. */
export const pathsOf = ({ writes }: Drafted): RepoPath[] =>
  "kind" in writes
    ? writes.kind === "restored"
      ? [...writes.files.keys()]
      : []
    : writes.flatMap(({ paths }) => paths);

/** What stands where files are to be made. */
export async function loadAround(drafts: readonly Drafted[], tip: TipReader): Promise<void> {
  await tip.loadAround(drafts.flatMap(({ writes }) => ("kind" in writes ? [] : newPaths(writes, tip.files))));
}

/** What is decided on, and with what. */
export interface Deciding {
  onto: Snapshot;
  tries: Tries;
  tools: EditTools;
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  /** Where `onto` is a commit of. */
  target: Pick<ConfigRepository, "location">;
  /** See `Look.proposal`. */
  proposal: ObserveOptions["proposal"];
  /** Whether gates may make something happen; default true, but in a plan. */
  mayAct?: boolean;
}

/** Intents that are observed at the same time where gates look outside. */
const observedAtOnce = 16;

/**
 * Where gates look outside, each intent is first decided as if it were alone, many at the same time: what was seen is
 * kept, so that deciding one after the other then waits for nobody.
 */
export async function decideAll(
  drafts: readonly Drafted[],
  tip: TipReader,
  state: State,
  deciding: Deciding,
): Promise<DecidedIntent[]> {
  const { gates } = deciding.ports;
  const looking = drafts.filter(({ candidate }) =>
    candidate.environment.gates.some(({ name }) => gates.find((gate) => gate.name === name)?.observes !== "state"),
  );
  if (looking.length > 1) {
    await eachOf(looking, observedAtOnce, (one) => decideEach([one], tip, state, deciding).then(() => {}));
  }
  return decideEach(drafts, tip, state, deciding);
}

/**
 * Each intent on the files as the ones before it leave them, so that several may write into one file. Gates see the
 * tip only, never what this commit is about to make true.
 */
async function decideEach(
  drafts: readonly Drafted[],
  tip: TipReader,
  state: State,
  deciding: Deciding,
): Promise<DecidedIntent[]> {
  const { onto, tries, tools, request, ports, memory } = deciding;
  const { files } = tip;
  const overlay = overlayOf(tip);
  const earlier = { tip: files, writes: [] as Written[] };
  const decided: DecidedIntent[] = [];
  const decideOne = (drafted: Drafted, mayAct: boolean) =>
    decideIntent(drafted, {
      request,
      state,
      overlay,
      earlier,
      editors: tools.editors,
      observing: { ...observingOf(deciding), mayAct },
      ancestry: memory.ancestry,
      unclear: tries.unclear,
      past: ({ app, environment }) => findRequest(onto, { request: request.request, app, environment }),
    });
  for (const drafted of drafts) {
    const one = await decideOrNext(drafted, ports.gates, tip, tools, decideOne);
    for (const [path, content] of one.edits?.files ?? []) {
      overlay.set(path, { kind: "file", executable: files.get(path)?.executable ?? false, content });
    }
    earlier.writes.push(...(one.edits?.writes ?? []));
    decided.push(one);
  }
  return decided;
}

/** The newest that may go; where none may, what is said of the newest. */
async function decideOrNext(
  drafted: Drafted,
  gates: readonly AnyGate[],
  tip: TipReader,
  tools: EditTools,
  decideOne: (drafted: Drafted, mayAct: boolean) => Promise<DecidedIntent>,
): Promise<DecidedIntent> {
  const newest = await decideOne(drafted, true);
  if (newest.decision.result !== "held" || newest.isPlaceHeld === true) return newest;
  const { intent, candidate, alternatives } = drafted;
  const tried: Decision[] = [];
  // A test that was run for a newer one is not run for all that are older, one after the other.
  let mayAct = !hasActed(newest.decision, gates);
  for (const artifact of alternatives) {
    const older = draft({ ...intent, artifact, candidate, alternatives: [] }, tools);
    await tip.load(pathsOf(older));
    await loadAround([older], tip);
    const one = await decideOne(older, mayAct);
    mayAct &&= !hasActed(one.decision, gates);
    if (one.decision.result === "promoted") return { ...one, waiting: newest.decision };
    tried.push(one.decision);
  }
  return { ...newest, tried };
}

/** Whether a gate that makes something happen was looked at, and did not only wait for the others. */
function hasActed({ gates: seen }: Decision, gates: readonly AnyGate[]): boolean {
  const acting = new Set(gates.filter(({ observes }) => observes === "acts").map(({ name }) => name));
  return seen.some(({ name, code }) => acting.has(name) && code !== waitingCode(name));
}

function observingOf({ request, ports, memory, onto, target, proposal, mayAct = true }: Deciding): ObserveOptions {
  const { gates, outside, clock, templates } = ports;
  return {
    gates,
    outside,
    clock,
    templates,
    cache: memory.observations,
    plan: request.plan || !mayAct,
    tip: { repository: target.location, commit: onto.commit },
    proposal,
    items: ({ app, intent }) => memory.reader.items(app, intent.artifact),
  };
}

import { templateVariables } from "../edit/variables.ts";
import { GluError, OutsideError } from "../errors.ts";
import { breakGlassLimit, isOverridden, overrideName } from "../gates/break-glass.ts";
import type { AnyGate, GateSubject, Look, observes, ReleaseInPlace } from "../gates/gate.ts";
import { standingGates } from "../gates/gates.ts";
import type { Item } from "../model/artifact.ts";
import { formatDuration } from "../model/duration.ts";
import type { GateUse } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import type { RepositoryCommit } from "../ports/checks.ts";
import type { Clock } from "../ports/clock.ts";
import type { Outside } from "../ports/outside.ts";
import type { Templates } from "../ports/templates.ts";
import type { State } from "../state/state.ts";
import { decide, type Observation, type Observed } from "./decide.ts";

/** What gates that are not of kind `state` saw, kept for the run by gate, options and subject. */
export type ObservationCache = Map<string, Promise<Observation>>;

export interface ObserveOptions {
  /** The gates that a config may ask for. */
  gates: readonly AnyGate[];
  cache: ObservationCache;
  outside: Outside;
  clock: Clock;
  templates: Templates;
  /** What is attached to the intent's artifact. */
  items(subject: GateSubject): Promise<readonly Item[]>;
  /** See {@link Look.mayAct}; default true. */
  mayAct?: boolean;
  /** See {@link Look.tip}. */
  tip: RepositoryCommit;
  /** See {@link Look.proposal}; default: none. */
  proposal?: Look["proposal"] | undefined;
  /** A release to verify: the gates of `verify` are then observed, and no others. Default: none. */
  release?: (ReleaseInPlace & Pick<Release, "request">) | undefined;
  /** Nothing may be made to happen, and everything that can be known is wanted. */
  plan: boolean;
}

/** Milliseconds after which an observation is given up, unless the gate says otherwise. */
const usualLimit = 60_000;

type Use = Pick<Observed, "gate" | "options">;

/**
 * Observes what the gates of the intent must know: all of one cost at the same time, the cheapest first. While anything
 * cheaper is in the way, what costs more is not looked at; a plan asks all the same, and makes nothing happen. What
 * cannot be observed, or not in time, is said, not thrown.
 */
export async function observe(subject: GateSubject, state: State, options: ObserveOptions): Promise<Observed[]> {
  const uses = usesOf(subject, options);
  const verifies = options.release !== undefined && !options.plan;
  const observed = new Map<Use, Observed>();
  const lookAt = async (cost: (typeof observes)[number], look: (use: Use) => Promise<Observation> | Observation) => {
    const now = uses.filter((use) => costOf(use, subject, verifies) === cost);
    const seen = await Promise.all(now.map(async (use) => ({ ...use, observation: await look(use) })));
    for (const [index, use] of now.entries()) observed.set(use, seen[index] as Observed);
  };
  const isFree = () => decide(subject, [...observed.values()], options.clock.now()).result === "promoted";
  const waits = (): Observation => ({ kind: "waits" });
  await lookAt("state", (use) => observeOne(use, subject, state, options));
  const isPassed = (use: Use) => isOverridden(subject.overriding, overrideName(use));
  await lookAt("outside", isFree() || options.plan ? (use) => observeOnce(use, subject, state, options) : waits);
  const act = (use: Use): Promise<Observation> | Observation => {
    if (isPassed(use)) return { kind: "skipped" };
    return options.plan ? { kind: "later" } : observeOnce(use, subject, state, options);
  };
  await lookAt("acts", isFree() ? act : waits);
  return uses.map((use) => observed.get(use) as Observed);
}

function costOf({ gate, options }: Use, subject: GateSubject, verifies: boolean): (typeof observes)[number] {
  if (gate.needsNobody?.(subject, options) === true) return "state";
  return !verifies && gate.asksByProgram?.(options) === true ? "acts" : gate.observes;
}

function usesOf(subject: GateSubject, { gates, release }: Pick<ObserveOptions, "gates" | "release">): Use[] {
  const { environment } = subject;
  const named = ({ name, options }: GateUse): Use => {
    const gate = gates.find((one) => one.name === name);
    if (gate === undefined) throw new Error(`no gate ${name}: the config should have been refused`);
    return { gate, options };
  };
  if (release !== undefined) return (environment.verify?.gates ?? []).map(named);
  const uses = [
    ...standingGates
      .filter((gate) => gate.applies?.(subject) !== false)
      .map((gate) => ({ gate, options: undefined as unknown })),
    ...environment.gates.map(named),
  ];
  return subject.intent.rollback === undefined ? uses : uses.filter(({ gate }) => gate.bindsRollbacks === true);
}

function observeOnce(use: Use, subject: GateSubject, state: State, options: ObserveOptions): Promise<Observation> {
  const { app, environment, artifact } = subject.intent;
  const asked = questionOf(use, subject, options) ?? artifact.id;
  const { tip, proposal, release } = options;
  const at = use.gate.ofTip?.(use.options) === true ? tip : null;
  const passed = isOverridden(subject.overriding, overrideName(use));
  const key = JSON.stringify([
    use.gate.name,
    use.options,
    app,
    environment,
    asked,
    at,
    proposal ?? null,
    release?.request,
    passed,
  ]);
  const seen = options.cache.get(key) ?? observeOne(use, subject, state, options);
  options.cache.set(key, seen);
  return seen;
}

const renderFor =
  ({ app, intent, environment }: GateSubject, { templates }: ObserveOptions) =>
  (template: string): string =>
    templates.render(template, templateVariables(app, intent.artifact, environment));

/** All that an observation depends on the artifact by; undefined where that is more than what templates say. */
function questionOf({ gate, options }: Use, subject: GateSubject, observing: ObserveOptions): string[] | undefined {
  if (gate.asks !== "templates") return undefined;
  try {
    return gate.templates?.(options).map(renderFor(subject, observing));
  } catch (error) {
    // Observing tells what is wrong with it.
    if (isOfTemplate(error)) return undefined;
    throw error;
  }
}

/** A template that has no value for this artifact: nothing to stop others for. */
const isOfTemplate = (error: unknown): error is GluError =>
  error instanceof GluError && error.code.startsWith("template/");

async function observeOne(
  { gate, options }: Use,
  subject: GateSubject,
  state: State,
  observing: ObserveOptions,
): Promise<Observation> {
  const { outside, clock, items, tip, proposal, release, mayAct = true } = observing;
  const look = (signal: AbortSignal): Look => ({
    now: clock.now(),
    signal,
    clock,
    mayAct,
    render: renderFor(subject, observing),
    outside,
    tip,
    proposal,
    release,
    items: () => items(subject),
  });
  try {
    if (gate.observes === "state") {
      return { kind: "seen", value: await gate.observe(subject, state, options, look(new AbortController().signal)) };
    }
    const usual = gate.timeLimit?.(options) ?? usualLimit;
    // Who overrides it does not wait for it either.
    const passed = isOverridden(subject.overriding, overrideName({ gate, options }));
    const limit = passed ? Math.min(usual, breakGlassLimit) : usual;
    return await within(limit, async (signal): Promise<Observation> => {
      return { kind: "seen", value: await gate.observe(subject, state, options, look(signal)) };
    });
  } catch (error) {
    // A malformed record is an error of the run; a server that does not answer is a gate that cannot be evaluated.
    if (isOfTemplate(error) || (error instanceof GluError && error.kind === "outside")) {
      const { message: why, code, fix } = error;
      const silent = error instanceof OutsideError && error.transient;
      return { kind: "failed", why, code, silent, ...(fix === undefined ? {} : { fix }) };
    }
    throw error;
  }
}

/** What a task gives, or that it took too long: it is told to stop then, and not waited for. */
async function within(limit: number, task: (signal: AbortSignal) => Promise<Observation>): Promise<Observation> {
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Observation>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: "failed", why: `there was no answer within ${formatDuration(limit)}`, silent: true });
      control.abort();
    }, limit);
  });
  try {
    return await Promise.race([task(control.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Decision, GateResult, PassedOver, Undecided } from "../model/decision.ts";
import type { EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Candidate } from "./candidates.ts";
import type { DecidedIntent } from "./decide-intent.ts";
import type { PromoteRequest } from "./options.ts";

/** What was decided of candidates, and of which of them nothing was. */
export interface DecidedSet {
  decided: readonly DecidedIntent[];
  passedOver: readonly PassedOver[];
  undecided: readonly Undecided[];
}

const stops = ({ result }: Decision): boolean => result === "refused" || result === "held" || result === "superseded";

/** All or nothing: when one intent of the set is stopped, those that could move are held. */
export function holdSet(decided: readonly DecidedIntent[]): DecidedIntent[] {
  const stopped = decided.filter(({ decision }) => stops(decision)).map(({ decision }) => told(decision));
  return heldBy(decided, stopped, "the others, or set: false");
}

/**
 * The same of each environment that takes what its upstream runs together. What could not be decided stops it, and what
 * is left alone though it runs upstream. What was not asked for is no result, but stops those that were.
 */
export function holdSets(
  all: DecidedSet,
  candidates: readonly Candidate[],
  { apps, plan }: Pick<PromoteRequest, "apps" | "plan">,
): DecidedIntent[] {
  const sets = new Set(candidates.flatMap(({ environment: { name, set } }) => (set === true ? [name] : [])));
  const isAlongside = ({ intent }: Decision) =>
    candidates.some(
      ({ app, environment, alongside }) =>
        alongside === true && app.name === intent.app && environment.name === intent.environment,
    );
  return [...new Set(all.decided.map(({ decision }) => decision.intent.environment))].flatMap((name) => {
    const own = all.decided.filter(({ decision }) => decision.intent.environment === name);
    if (!sets.has(name)) return own;
    const held = heldBy(own, stoppedIn(name, all), "the others");
    const asked = held.filter(({ decision }) => !isAlongside(decision));
    const left = held.flatMap(({ decision }) =>
      isAlongside(decision) && isGoing(decision) ? [decision.intent.app] : [],
    );
    // Who only looks at one app looks at what a run of all would do.
    const isOfAll = plan && apps.length === 0;
    if (isOfAll || left.length === 0) return asked;
    return asked.map((one) => (isGoing(one.decision) ? withGate(one, partial(name, left)) : one));
  });
}

const told = ({ intent, result }: Decision): string => `${intent.app} in ${intent.environment} is ${result}`;

const isGoing = ({ result, repeated }: Decision): boolean => result === "promoted" && !repeated;

function stoppedIn(name: EnvName, { decided, passedOver, undecided }: DecidedSet): string[] {
  const here = <T extends { environment: EnvName }>(all: readonly T[]) =>
    all.filter(({ environment }) => environment === name);
  return [
    ...decided.flatMap(({ decision }) => {
      return decision.intent.environment === name && stops(decision) ? [told(decision)] : [];
    }),
    // Without an artifact nothing of it runs upstream.
    ...here(passedOver).flatMap(({ app, artifact, reason }) => {
      return artifact === undefined ? [] : [`${app} in ${name} is left alone: ${reason}`];
    }),
    ...here(undecided).map(({ app }) => `${app} in ${name} could not be decided`),
  ];
}

function heldBy(decided: readonly DecidedIntent[], stopped: readonly string[], clearedBy: string): DecidedIntent[] {
  if (stopped.length === 0) return [...decided];
  const gate = setGate("set/incomplete", `moves with its set, and ${stopped.join(", ")}`, clearedBy);
  return decided.map((one) => (isGoing(one.decision) ? withGate(one, gate) : one));
}

const partial = (name: EnvName, left: readonly string[]): GateResult =>
  setGate(
    "set/partial",
    `${name} takes all that moves at once, and ${left.join(", ")} would be left behind`,
    "naming no app",
  );

const setGate = (code: string, seen: string, clearedBy: string): GateResult => ({
  ...({ name: "set", met: false, outcome: "held" } as const),
  ...{ code, seen, clearedBy },
});

/** What could go, held. */
function withGate({ decision, isPlaceHeld }: DecidedIntent, gate: GateResult): DecidedIntent {
  const gates = [...decision.gates.filter(({ name }) => name !== "set"), gate];
  return {
    decision: { ...decision, result: "held", reason: gate.seen, gates },
    edits: undefined,
    ...(isPlaceHeld === undefined ? {} : { isPlaceHeld }),
  };
}

/** The candidates, with those that move with them where an environment takes what its upstream runs together. */
export function withSets(own: readonly Candidate[], { apps, environments }: Pipeline): Candidate[] {
  const sets = [...new Set(own.map(({ environment }) => environment.name))].filter(
    (name) => environments.get(name)?.set === true,
  );
  const others = sets.flatMap((name) => {
    const [like] = own.filter(({ environment }) => environment.name === name);
    return [...apps.values()]
      .filter((app) => app.environments.includes(name))
      .filter((app) => own.every((one) => one.environment.name !== name || one.app.name !== app.name))
      .flatMap((app): Candidate[] => (like === undefined ? [] : [{ ...like, app, alongside: true }]));
  });
  return [...own, ...others];
}

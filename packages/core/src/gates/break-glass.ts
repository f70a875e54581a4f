import { GluError, UserError } from "../errors.ts";
import { closest } from "../model/closest.ts";
import type { GateOverride, GateResult, Intent } from "../model/decision.ts";
import type { BreakGlass, Environment } from "../model/pipeline.ts";
import type { Actor } from "../model/record.ts";
import { oneLine } from "../records/trailers.ts";
import type { AnyGate, Look } from "./gate.ts";
import { isNamed, type People, teamOf, whoMay } from "./people.ts";

// Break-glass: people whom the config names pass gates that it names, with a reason. What was passed is recorded.

/** What of a request's overrides counts for one intent. */
export interface Overriding {
  actor: Actor;
  reason: string;
  /** By the name of each gate that was to be overridden: whether it may be, or why not. */
  answers: ReadonlyMap<string, true | string>;
}

/** Milliseconds after which a team that was asked for is given up: who needs to override is in a hurry. */
export const breakGlassLimit = 10_000;

/** The name by which a gate is overridden: a freeze that the config has planned is one, though its gate is `window`. */
export const overrideName = ({ gate, options }: { gate: AnyGate; options: unknown }): string =>
  gate.overriddenAs?.(options) ?? gate.name;

/** Who may override a gate in an environment, as the config says it. */
export const rulesFor = ({ breakGlass = [] }: Pick<Environment, "breakGlass">, gate: string): readonly BreakGlass[] =>
  breakGlass.filter(({ gates }) => gates.includes(gate));

/** Going back passes a pin by whoever may go back, unless the config says who may. */
const isOpenToAll = ({ rollback }: Pick<Intent, "rollback">, gate: string, rules: readonly BreakGlass[]): boolean =>
  rollback !== undefined && gate === "pin" && rules.length === 0;

/** Everybody whom several rules name. */
const peopleOf = (rules: readonly BreakGlass[]): People => ({
  users: [...new Set(rules.flatMap(({ users = [] }) => users))],
  teams: [...new Set(rules.flatMap(({ teams = [] }) => teams))],
});

/**
 * Whether who asked may override the gates that they named. Only a name that the forge vouches for counts, and nothing
 * that starts by itself. Teams are asked when the names alone do not tell.
 */
export async function overridingOf(
  { intent, environment }: { intent: Intent; environment: Environment },
  asked: { override: readonly string[]; actor: Actor; reason: string | undefined },
  { outside }: Pick<Look, "outside">,
): Promise<Overriding | undefined> {
  const { override, actor, reason } = asked;
  if (override.length === 0 || reason === undefined || !intent.explicit) return undefined;
  const answer = async (gate: string): Promise<true | string> => {
    const rules = rulesFor(environment, gate);
    if (isOpenToAll(intent, gate, rules)) return true;
    if (rules.length === 0) return `nobody may override it in ${environment.name}`;
    if (!actor.verified) return `${actor.name} may not override it, since no forge vouches for that name`;
    const people = peopleOf(rules);
    if (isNamed(actor.name, people)) return true;
    try {
      const signal = AbortSignal.timeout(breakGlassLimit);
      if ((await teamOf(actor.name, people, { outside, signal })) !== undefined) return true;
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      return `whether ${actor.name} may override it could not be asked: ${error.message}`;
    }
    return `${actor.name} may not override it`;
  };
  const names = [...new Set(override)];
  const answers = await Promise.all(names.map(answer));
  return { actor, reason, answers: new Map(names.map((name, at) => [name, answers[at] as true | string])) };
}

/** Whether a gate need not be met. */
export const isOverridden = (overriding: Overriding | undefined, gate: string): boolean =>
  overriding?.answers.get(gate) === true;

/**
 * What an unmet gate is when people override it: met, and what it saw is kept. Where they may not, why not is said, and
 * who may. Pure.
 */
export function overridden(
  result: GateResult,
  name: string,
  {
    intent,
    environment,
    overriding,
  }: { intent: Intent; environment: Environment; overriding?: Overriding | undefined },
): GateResult {
  if (result.met) return result;
  const { met: _met, code = "", clearedBy, clearsAt: _clearsAt, seen, ...rest } = result;
  const answer = overriding?.answers.get(name);
  if (answer === true && overriding !== undefined) {
    const override: GateOverride = { gate: name, code, seen, ...(clearedBy === undefined ? {} : { clearedBy }) };
    const by = `overridden by ${overriding.actor.name}: ${overriding.reason}`;
    return { ...rest, met: true, seen: `${seen}; ${by}`, override };
  }
  const rules = rulesFor(environment, name);
  const who = isOpenToAll(intent, name, rules) ? "" : rules.length === 0 ? undefined : ` by ${whoMay(peopleOf(rules))}`;
  const clears = [clearedBy, ...(who === undefined ? [] : [`override: ${name}${who}`])].filter(
    (one) => one !== undefined,
  );
  return {
    ...result,
    seen: answer === undefined ? seen : `${seen}; ${answer}`,
    ...(clears.length === 0 ? {} : { clearedBy: clears.join(", or ") }),
  };
}

/** What was overridden, as a record tells it. */
export const overridesOf = (gates: readonly GateResult[]): GateOverride[] =>
  gates.flatMap(({ override }) => override ?? []);

/**
 * What is wrong with gates that are named to be overridden.
 * @returns the first that cannot be, why, and what to do
 */
export function faultInOverride(
  names: readonly string[],
  gates: readonly AnyGate[],
): { name: string; message: string; fix: string } | undefined {
  const open = gates.filter(({ neverOverridden }) => neverOverridden === undefined).map((gate) => gate.name);
  for (const name of names) {
    const gate = gates.find((one) => one.name === name);
    if (gate === undefined) {
      const near = closest(name, open);
      const fix = near === undefined ? `Gates that can be overridden: ${open.join(", ")}.` : `Did you mean "${near}"?`;
      return { name, message: "is no gate", fix };
    }
    if (gate.neverOverridden !== undefined) {
      return { name, message: "is never overridden", fix: `${gate.neverOverridden}.` };
    }
  }
  return undefined;
}

/**
 * Refuses what cannot be overridden by anybody, before anything is read.
 * @throws UserError `override/gate`, `override/environment`, `override/reason`, `override/automation`
 */
export function assertOverride(
  request: {
    override?: readonly string[] | undefined;
    environments: readonly string[];
    reason: string | undefined;
    rollback?: unknown;
    automatic?: boolean;
  },
  gates: readonly AnyGate[],
): void {
  const { override = [], environments, reason, rollback } = request;
  if (override.length === 0) return;
  const fault = faultInOverride(override, gates);
  if (fault !== undefined) {
    throw new UserError("override/gate", `The gate ${JSON.stringify(fault.name)} ${fault.message}.`, {
      seen: fault.name,
      fix: fault.fix,
    });
  }
  const other = override.find((name) => name !== "pin");
  if (rollback !== undefined && other !== undefined) {
    throw new UserError("override/gate", `A rollback passes ${other} as it is.`, {
      seen: other,
      fix: "Leave it out: a pin is all that a rollback can override.",
    });
  }
  if (environments.length === 0 || request.automatic === true) {
    throw new UserError("override/environment", "What a policy starts overrides nothing.", {
      seen: override,
      fix: "Name the environment: only what people ask for by name can override gates.",
    });
  }
  if (reason === undefined || oneLine(reason, "The reason") === "") {
    throw new UserError("override/reason", "Who overrides gates gives a reason.", {
      seen: override,
      fix: "Give one with --reason: it stands in the commit and in the record.",
    });
  }
}

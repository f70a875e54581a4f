import { overridden, overrideName, overridesOf } from "../gates/break-glass.ts";
import { type AnyGate, type Check, type GateSubject, met, type Unmet, unmet } from "../gates/gate.ts";
import { type GateResult, gateOutcomes, type Result } from "../model/decision.ts";

/** A gate with what was observed for it. */
export interface Observed {
  gate: AnyGate;
  options: unknown;
  observation: Observation;
}

/**
 * `failed`: it could not be observed; `silent`, since nobody answered, who would not answer for another artifact either.
 * `waits`: it is not looked at while others are in the way. `later`: it is looked at when this is promoted, and nothing
 * that a plan does. `skipped`: it would make something happen, and is overridden.
 */
export type Observation =
  | { kind: "seen"; value: unknown }
  | { kind: "failed"; why: string; fix?: string; code?: string; silent?: boolean }
  | { kind: "waits" | "later" | "skipped" };

export interface Verdict {
  result: Extract<Result, "promoted" | "refused" | "held" | "superseded">;
  reason: string;
  gates: GateResult[];
  /** Something is in the way that would be in the way of any other artifact, too. */
  isPlaceHeld: boolean;
}

/** Evaluates gates on what was observed. Pure and synchronous: the same observations and time give the same verdict. */
export function decide(subject: GateSubject, observed: readonly Observed[], now: number): Verdict {
  const evaluated = evaluateEach(observed, subject, now).map(({ result, ...more }, at) => {
    const name = overrideName(observed[at] as Observed);
    return { result: overridden(result, name, subject), ...more };
  });
  const gates = evaluated.map(({ result }) => result);
  const isPlaceHeld = evaluated.some(({ result, concerns }) => !result.met && concerns === "place");
  const unmetGates = gates.filter((gate) => !gate.met);
  for (const outcome of gateOutcomes) {
    const blocking = unmetGates.filter((gate) => gate.outcome === outcome);
    if (blocking.length > 0) {
      // What only waits for the others is no reason.
      const reasons = blocking.filter((gate) => !onlyWaits(gate));
      return {
        result: outcome,
        reason: (reasons.length > 0 ? reasons : blocking).map(({ seen }) => seen).join("; "),
        gates,
        isPlaceHeld,
      };
    }
  }
  const { length: drifted } = subject.drift;
  const passed = overridesOf(gates).map(({ gate, seen }) => `${gate}: ${seen}`);
  const [values, are] = drifted === 1 ? ["a value", "is"] : [`${drifted} values`, "are"];
  const reason = [
    passed.length === 0
      ? "all gates are met"
      : `overridden by ${subject.overriding?.actor.name}: ${subject.overriding?.reason} (${passed.join("; ")})`,
    ...(drifted === 0 ? [] : [`${values} changed by hand ${are} overwritten`]),
  ].join("; ");
  return { result: "promoted", reason, gates, isPlaceHeld };
}

const waits = "/waits";

/** Whether a gate was not looked at, since others are in the way: it is no reason of its own. */
export const onlyWaits = ({ code }: Pick<GateResult, "code">): boolean => code?.endsWith(waits) === true;

/** The code of a gate that was not looked at, since others are in the way. */
export const waitingCode = (gate: string): string => `${gate}${waits}`;

/** One gate, evaluated, and what else its check told. */
export interface Evaluated {
  result: GateResult;
  concerns?: Unmet["concerns"] | undefined;
  unknown?: Unmet["unknown"] | undefined;
  synced?: Unmet["synced"] | undefined;
  goodSoFar?: Unmet["goodSoFar"] | undefined;
}

/** Evaluates each gate on what was observed for it. Pure. */
export function evaluateEach(observed: readonly Observed[], subject: GateSubject, now: number): Evaluated[] {
  return observed.map(({ gate, options, observation }) => {
    const {
      outcome = gate.outcome,
      code = `${gate.name}/unmet`,
      concerns = gate.concerns,
      unknown,
      synced,
      goodSoFar,
      ...rest
    } = check(gate, options, observation, subject, now);
    const result: GateResult = { name: gate.name, outcome, ...rest, ...(rest.met ? {} : { code }) };
    return { result, concerns, unknown, synced, goodSoFar };
  });
}

function check(gate: AnyGate, options: unknown, observation: Observation, subject: GateSubject, now: number): Check {
  switch (observation.kind) {
    case "seen":
      return gate.check(observation.value, options, now, subject);
    case "failed":
      return unmet(`could not be evaluated: ${observation.why}`, {
        outcome: "held",
        code: observation.code ?? `${gate.name}/unknown`,
        clearedBy: observation.fix ?? "the next run",
        unknown: true,
        ...(observation.silent === true ? { concerns: "place" as const } : {}),
      });
    case "waits":
      return unmet("is looked at when nothing else is in the way", {
        outcome: "held",
        code: waitingCode(gate.name),
        clearedBy: "the other gates",
        unknown: true,
      });
    case "skipped":
      return unmet("was not looked at", { outcome: "held", code: "override/skipped" });
    case "later":
      return met("is looked at when this is promoted");
  }
}

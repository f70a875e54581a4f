import { type AnyGate, type Check, type GateSubject, unmet } from "../gates/gate.ts";
import { type GateResult, gateOutcomes, type Result } from "../model/decision.ts";

/** A gate with what was observed for it; `failed` when the observation could not be made. */
export interface Observed {
  gate: AnyGate;
  options: unknown;
  observation: { kind: "seen"; value: unknown } | { kind: "failed"; why: string };
}

export interface Verdict {
  result: Extract<Result, "promoted" | "refused" | "held" | "superseded">;
  reason: string;
  gates: GateResult[];
}

/** Evaluates gates on what was observed. Pure and synchronous: the same observations and time give the same verdict. */
export function decide(subject: GateSubject, observed: readonly Observed[], now: number): Verdict {
  const gates = observed.map((one) => evaluate(one, subject, now));
  const unmetGates = gates.filter((gate) => !gate.met);
  for (const outcome of gateOutcomes) {
    const blocking = unmetGates.filter((gate) => gate.outcome === outcome);
    if (blocking.length > 0) {
      return { result: outcome, reason: blocking.map((gate) => gate.seen).join("; "), gates };
    }
  }
  const [overwritten] = subject.drift;
  const reason =
    overwritten === undefined
      ? "all gates are met"
      : `all gates are met; ${subject.drift.length === 1 ? "a value" : `${subject.drift.length} values`} changed by hand ${subject.drift.length === 1 ? "is" : "are"} overwritten`;
  return { result: "promoted", reason, gates };
}

function evaluate({ gate, options, observation }: Observed, subject: GateSubject, now: number): GateResult {
  const check: Check =
    observation.kind === "failed"
      ? unmet(`could not be evaluated: ${observation.why}`, {
          outcome: "held",
          code: `${gate.name}/unknown`,
          clearedBy: "the next run",
        })
      : gate.check(observation.value, options, now, subject);
  const { outcome = gate.outcome, code = `${gate.name}/unmet`, ...rest } = check;
  return { name: gate.name, outcome, ...rest, ...(check.met ? {} : { code }) };
}

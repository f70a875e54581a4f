import type { Decision } from "../model/decision.ts";
import type { DecidedIntent } from "./decide-intent.ts";

const stops = (decision: Decision) =>
  decision.result === "refused" || decision.result === "held" || decision.result === "superseded";

/** All or nothing: when one intent of the set is stopped, those that could move are held. */
export function holdSet(decided: readonly DecidedIntent[]): DecidedIntent[] {
  const stopped = decided.filter(({ decision }) => stops(decision));
  if (stopped.length === 0) return [...decided];
  const names = stopped.map(
    ({ decision: { intent, result } }) => `${intent.app} in ${intent.environment} is ${result}`,
  );
  return decided.map(({ decision, edits }) => {
    if (decision.result !== "promoted" || decision.repeated) return { decision, edits };
    const seen = `moves with its set, and ${names.join(", ")}`;
    const gate = {
      name: "set",
      met: false,
      outcome: "held",
      code: "set/incomplete",
      seen,
      clearedBy: "the others, or set: false",
    } as const;
    return {
      decision: { ...decision, result: "held", reason: seen, gates: [...decision.gates, gate] },
      edits: undefined,
    };
  });
}

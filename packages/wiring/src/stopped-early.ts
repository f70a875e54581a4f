import { type GluError, OutsideError, type PromoteResult } from "@glu/core";
import type { Surroundings } from "./surroundings.ts";

/** A run that asked no further, so that a limit of a forge is not exhausted. */
export interface StoppedEarly {
  /** What it says of itself, and what it left to the next run. */
  notices: string[];
  /** That of an outside system, since not all that was asked for was done; 0 where no limit was met. */
  exitCode: number;
}

const code = "forge/budget-exhausted";

/** Whether a run ended its asking early, and what of it is left to the next one. */
export function stoppedEarly(
  { decisions, undecided }: Pick<PromoteResult, "decisions" | "undecided">,
  { calls }: Pick<Surroundings, "calls">,
): StoppedEarly {
  const stops = [...(calls?.uses.values() ?? [])].flatMap(({ stopped }) => (stopped === undefined ? [] : [stopped]));
  if (stops.length === 0) return { notices: [], exitCode: 0 };
  const held = decisions.filter(({ result, gates }) => result === "held" && gates.some((gate) => gate.code === code));
  const left = [
    ...held.map(({ intent }) => `${intent.app} in ${intent.environment}`),
    ...undecided.filter(({ error }) => isOf(error)).map(({ app, environment }) => `${app} in ${environment}`),
  ];
  const rest = left.length === 0 ? "" : ` Left to the next run: ${listed(left)}.`;
  const notices = stops.map(
    (stop, index) => `Asking ended early, before the limit is used up. ${stop}.${index === 0 ? rest : ""}`,
  );
  return { notices, exitCode: new OutsideError(code, "").exitCode };
}

const isOf = (error: GluError): boolean => error.code === code;

/** At most ten, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown}, and ${names.length - 10} more` : shown;
}

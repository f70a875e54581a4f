import { GluError, OutsideError } from "../../errors.ts";
import { type Check, unmet } from "../gate.ts";

/** Why a gate has nothing to check. It never leaves the gate. */
export class Unanswered extends Error {
  readonly code: string;
  readonly clearedBy: string;

  /** @param clearedBy who or what can clear it */
  constructor(code: string, why: string, clearedBy: string) {
    super(why);
    this.code = code;
    this.clearedBy = clearedBy;
  }
}

/** As it is observed: plain data. */
export interface Silence {
  kind: "unanswered";
  code: string;
  why: string;
  clearedBy: string;
  /** Nobody answered, who would not answer for another artifact either. */
  silent?: boolean;
}

/**
 * What is observed, or why nothing is: the outside failed, or a template has no value for this artifact, which is
 * nothing to fail the whole run for. Anything else is a bug.
 * @param template the gate's code for a template without a value
 */
export async function answered<T>(template: string, observe: () => Promise<T>): Promise<T | Silence> {
  try {
    return await observe();
  } catch (error) {
    if (error instanceof Unanswered) {
      return { kind: "unanswered", code: error.code, why: error.message, clearedBy: error.clearedBy };
    }
    if (error instanceof GluError && error.kind === "outside") {
      const silent = error instanceof OutsideError && error.transient;
      return {
        kind: "unanswered",
        code: error.code,
        why: error.message,
        clearedBy: error.fix ?? "the next run",
        silent,
      };
    }
    if (error instanceof GluError && error.code.startsWith("template/")) {
      const clearedBy = "an artifact that has the value, or another template";
      return { kind: "unanswered", code: template, why: error.message, clearedBy };
    }
    throw error;
  }
}

/** What cannot be evaluated is held. */
export function heldFor({ code, why, clearedBy, silent }: Silence): Check {
  const sentence = why.replace(/\.$/, "");
  const concerns = silent === true ? { concerns: "place" as const } : {};
  return unmet(`could not be evaluated: ${sentence}`, { outcome: "held", code, clearedBy, unknown: true, ...concerns });
}

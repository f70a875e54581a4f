import type { RunResult } from "../model/decision.ts";

/** What a held intent does to the job. */
export type OnHeld = "fail" | "succeed";

/** 0 unless something was refused, or held where that fails the job: then 3. By contract; see docs/reference. */
export function exitCodeOf(result: RunResult, held: boolean, onHeld: OnHeld): number {
  return result === "refused" || (held && onHeld === "fail") ? 3 : 0;
}

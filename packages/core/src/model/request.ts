import { createHash } from "node:crypto";
import type { CiContext } from "./ci-context.ts";
import { type EnvName, type RequestId, requestId } from "./names.ts";

/** The request of one environment within a run that promotes into several, one after the other. */
export function requestWithin(run: RequestId, environment: EnvName): RequestId {
  return requestId(createHash("sha256").update(`${run}\0${environment}`).digest("hex"));
}

/** The request that undoes what failed: the same for every run that finds it, so that it is undone once. */
export function requestToUndo(failed: string): RequestId {
  return requestId(createHash("sha256").update(`undo\0${failed}`).digest("hex"));
}

/**
 * SHA-256 of host, repository, run id without attempt, job and matrix, and the raw intent: the same for a re-run, so
 * that it is carried out once. Undefined where there is no run (a terminal): there it is random or given.
 * @param intent the inputs as they were written, before anything is resolved
 */
export function requestIdOf(context: CiContext, intent: Readonly<Record<string, unknown>>): RequestId | undefined {
  const { id, job, matrix } = context.run;
  if (context.host === "terminal" || id === undefined) return undefined;
  const sorted = Object.entries(intent).sort(([a], [b]) => (a < b ? -1 : 1));
  const raw = JSON.stringify([context.host, context.repository, id, job ?? "", matrix ?? "", sorted]);
  return requestId(createHash("sha256").update(raw).digest("hex"));
}

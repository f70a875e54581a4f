import type { GateResult } from "../model/decision.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";

/** What is in the way of one app's change in an environment, were a commit merged now. */
export interface Stance {
  app: AppName;
  environment: EnvName;
  /** Those that are unmet; none: it may be merged. */
  gates: readonly GateResult[];
  /** The file of the pin or freeze among them. */
  file?: RepoPath | undefined;
}

/** A gate that nothing but a person can clear. */
export function inTheWay(code: string, seen: string, clearedBy: string | undefined): GateResult {
  const name = code.split("/", 1)[0] ?? code;
  return { name, met: false, outcome: "refused", code, seen, ...(clearedBy === undefined ? {} : { clearedBy }) };
}

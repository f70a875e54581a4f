import { UserError } from "../errors.ts";
import type { EnvName } from "../model/names.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { isProposed } from "../propose/is-proposed.ts";
import { proposeInto } from "../propose/propose-into.ts";
import type { GroupResult, Run } from "./attempt-on.ts";
import type { Candidate } from "./candidates.ts";
import { promoteInto } from "./groups.ts";

/** A way in which a repository is written to: one commit for all, or what is proposed for an environment. */
export type Way = { kind: "commit" } | { kind: "proposals"; environment: EnvName };

/** The ways that candidates of one repository take; a commit where there are none, which then says so. */
export function waysOf(candidates: readonly Candidate[]): Way[] {
  const proposed = new Set(candidates.filter(isProposed).map(({ environment }) => environment.name));
  const ways: Way[] = [...proposed].map((environment) => ({ kind: "proposals", environment }));
  return proposed.size > 0 && candidates.every(isProposed) ? ways : [{ kind: "commit" }, ...ways];
}

/** Whether a candidate takes a way. */
export function isOn(candidate: Candidate, way: Way): boolean {
  return way.kind === "commit"
    ? !isProposed(candidate)
    : isProposed(candidate) && candidate.environment.name === way.environment;
}

/** Decides and writes what a request comes down to in one repository, by one way. */
export function promoteBy(way: Way, target: ConfigRepository, run: Run): Promise<GroupResult> {
  if (way.kind === "proposals") return proposeInto(target, run, way.environment);
  const done = promoteInto(target, run);
  return run.request.rollback?.directly === true ? done.catch(orPropose) : done;
}

/** Who may not push has another way back, where changes are proposed. */
function orPropose(error: unknown): never {
  if (!(error instanceof UserError) || error.code !== "repository/protected") throw error;
  const { code, message, seen, at, fix = "" } = error;
  const instead = "Without --strategy commit it is proposed, where the environment has propose.";
  throw new UserError(code, message, { seen, ...(at && { at }), fix: `${fix} ${instead}`.trim(), cause: error });
}

/** @throws UserError `promote/set-across-ways` for a set that a commit and a proposal, or two proposals, would part */
export function assertOneWay(ways: readonly Way[]): void {
  if (ways.length < 2) return;
  throw new UserError("promote/set-across-ways", "A set must be one commit or one proposal.", {
    seen: ways.map((way) => (way.kind === "commit" ? "a commit" : `a proposal for ${way.environment}`)),
    fix: "Promote into each environment by a run of its own.",
  });
}

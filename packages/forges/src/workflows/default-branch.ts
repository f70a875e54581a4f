import type { ForgeResponse } from "../http.ts";
import { field } from "../http.ts";

/** The default branch of repositories, each asked for once. `refuse` gives the error for another answer. */
export function createDefaultBranches(
  ask: (repository: string, signal: AbortSignal) => Promise<ForgeResponse>,
  refuse: (response: ForgeResponse, repository: string) => Error,
): (repository: string, signal: AbortSignal) => Promise<string> {
  const known = new Map<string, string>();
  return async (repository, signal) => {
    const before = known.get(repository);
    if (before !== undefined) return before;
    const response = await ask(repository, signal);
    const branch = response.status === 200 ? field(response.json, "default_branch") : undefined;
    if (branch === undefined) throw refuse(response, repository);
    known.set(repository, branch);
    return branch;
  };
}

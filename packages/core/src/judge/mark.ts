import { GluError } from "../errors.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Proposal, Proposals } from "../ports/proposals.ts";
import type { Marking } from "../promote/options.ts";
import { statusContext, type Verdict } from "./verdict.ts";

/** A commit, and what its statuses are to say. */
export interface Marked {
  commit: string;
  verdicts: readonly Verdict[];
  /** The open proposal whose head it is. */
  proposal: Proposal | undefined;
  /** Which environment it is proposed to. */
  into: string | undefined;
}

/** What could not be told to the forge, which does not undo what was decided. */
export interface Unmarked {
  what: "status" | "auto-merge";
  marked: Marked;
  error: GluError;
}

export const isHeld = ({ verdicts }: Marked): boolean => verdicts.some(({ state }) => state !== "success");

/**
 * Tells the forge: what is held is no longer merged by itself, and its statuses say why. The forge is kept from merging
 * first; and what may be merged by itself is so before its status is met, since some forges take it for ready then.
 */
export async function mark(
  marked: Marked,
  target: ConfigRepository,
  { statuses, proposals }: { statuses: Marking; proposals: Proposals },
  environments: ReadonlyMap<string, Environment>,
): Promise<Unmarked[]> {
  const unmarked: Unmarked[] = [];
  const attempt = async (what: Unmarked["what"], task: () => Promise<unknown>) => {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      unmarked.push({ what, marked, error });
    }
  };
  const { proposal, verdicts, commit, into } = marked;
  const held = isHeld(marked);
  // Its head has a status of each environment. What merges by itself is what its own one says.
  const asked = into !== undefined && environments.get(into)?.propose?.autoMerge === true;
  if (proposal !== undefined && (held || asked)) {
    await attempt("auto-merge", () => proposals.setAutoMerge(proposal.number, !held));
  }
  const port = statuses.of(target);
  // What is held is told before what is not.
  const worstFirst = [...verdicts].sort((a, b) => Number(a.state === "success") - Number(b.state === "success"));
  for (const { environment, state, description, url, file } of worstFirst) {
    const page = url ?? (file === undefined ? undefined : statuses.page(target, file));
    await attempt("status", () =>
      port.set(commit, { context: statusContext(environment), state, description, url: page }),
    );
  }
  return unmarked;
}

import { type RefName, shortRef } from "../model/names.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { startMemory } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import { environmentOfBranch } from "../propose/branch.ts";
import { judgedAt } from "./judged-at.ts";
import { type Marked, mark, type Unmarked } from "./mark.ts";
import { onNewest } from "./on-newest.ts";
import { tellOf } from "./tell.ts";

/** A commit that is to be merged: the head of a pull request, or what a merge queue has built. */
export interface JudgeRequest {
  ref: RefName;
  commit: string;
  /** What it is to be merged into. */
  into: RefName;
  /** Nothing is told to the forge. */
  plan: boolean;
  /** The branch that a pull request is of, in the same repository. */
  branch: RefName | undefined;
  /** Whether a repository is the one that it is to be merged in. */
  isHere(repository: ConfigRepository): boolean;
}

/** `elsewhere`: it is merged where nothing is proposed to. `moved`: the ref has another commit by now. */
export type JudgeResult =
  | { kind: "elsewhere" }
  | { kind: "moved"; to: string | undefined }
  | { kind: "judged"; marked: Marked; unmarked: readonly Unmarked[]; warnings: string[]; notices: string[] };

/**
 * Judges one commit and marks it, for every environment of its repository whose changes are proposed: a status that is
 * required must be there on each commit, also where it changes nothing. Nothing is promoted.
 * @throws GluError when it cannot be judged
 */
export async function judgeRef(asked: JudgeRequest, ports: PromotePorts): Promise<JudgeResult> {
  const { memory } = startMemory(ports);
  let result: JudgeResult = { kind: "elsewhere" };
  await onNewest(ports, memory, async (benches, unread) => {
    const here = unread.find(({ target }) => asked.isHere(target));
    const bench = benches.find(({ target, tip }) => asked.isHere(target) && tip.branch === asked.into);
    if (bench === undefined) {
      if (here !== undefined) throw here.error;
      result = { kind: "elsewhere" };
      return false;
    }
    const { target, tip, pipeline } = bench;
    const judged = await judgedAt(asked.ref, asked.commit, bench);
    if (judged?.commit !== asked.commit) {
      result = { kind: "moved", to: judged?.commit };
      return false;
    }
    const proposals = ports.proposing.of(target);
    const { branch } = asked;
    const isOurs = branch !== undefined && shortRef(branch).startsWith("glu/");
    const known = isOurs ? await proposals.of({ branch, base: tip.branch }) : [];
    const proposal = known.find(({ state }) => state === "open");
    const marked: Marked = { ...judged, proposal, into: branch && environmentOfBranch(branch) };
    const unmarked: Unmarked[] = asked.plan
      ? []
      : await mark(marked, target, { statuses: ports.statuses, proposals }, pipeline.environments);
    result = { kind: "judged", marked, unmarked, ...tellOf([marked], unmarked) };
    return true;
  });
  return result;
}

import type { JudgedProposal } from "../gates/gate.ts";
import type { AppName } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import { proposalBranch } from "../propose/branch.ts";
import type { Judging } from "./judge.ts";
import type { Origins } from "./origin.ts";

/**
 * The open proposal by which a release shall come, for gates that ask what people say of it; others need not know. What
 * people say counts for what its branch holds now, as Git has it: a forge may tell of a push later.
 * @param apps those that came by the same request: they may have been proposed together
 */
export async function proposalOf(
  { actor }: Release,
  at: { app: AppName; environment: Environment; apps: readonly AppName[] },
  { target, tip, ports }: Judging,
  origins: Origins,
): Promise<JudgedProposal | undefined> {
  const { app, environment, apps } = at;
  if (!environment.gates.some(({ name }) => name === "approval")) return undefined;
  for (const branch of new Set([[app], apps].map((names) => proposalBranch(environment.name, names)))) {
    const brought = await origins.brings(branch);
    if (brought === undefined) continue;
    const known = await ports.proposing.of(target).of({ branch, base: tip.branch });
    const open = known.find(({ state }) => state === "open");
    if (open === undefined) continue;
    const { number, url } = open;
    // A name that nobody vouches for is not who asked.
    return { number, url, head: brought.head.commit, askedBy: actor.verified ? actor.name : undefined };
  }
  return undefined;
}

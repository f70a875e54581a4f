import type { GateResult } from "../model/decision.ts";
import type { AppName, EnvName, RefName } from "../model/names.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Proposals } from "../ports/proposals.ts";
import { parseTrailers } from "../records/trailers.ts";
import { proposalBranch } from "./branch.ts";
import { whatWaits } from "./standing.ts";
import { mayBringOneOf, proposalFolder } from "./superseded.ts";

/** Why a policy waits, where people asked for something else; undefined: they did not. */
export type WaitsElsewhere = (apps: readonly AppName[]) => Promise<GateResult | undefined>;

/**
 * Tells of apps whether a proposal of another branch takes one of them back or past gates: of one of a set alone, or of
 * several together where each has its own. The branches are listed once, and few of them are read.
 */
export function waitsElsewhere(
  { target, proposals }: { target: ConfigRepository; proposals: Proposals },
  { environment, base }: { environment: EnvName; base: RefName },
): WaitsElsewhere {
  let listed: Promise<readonly RefName[]> | undefined;
  return async (apps) => {
    listed ??= target.proposals.list(proposalFolder(environment)).then((all) => [...all.keys()]);
    const names = new Set<string>(apps);
    const own = proposalBranch(environment, apps);
    for (const branch of await listed) {
      if (branch === own || !mayBringOneOf(branch, environment, names)) continue;
      const tip = await target.proposals.read(branch);
      const blocks = parseTrailers(tip?.message ?? "").filter(({ app }) => names.has(app));
      if (whatWaits({ number: 0, url: "" }, blocks) === undefined) continue;
      const open = (await proposals.of({ branch, base })).find(({ state }) => state === "open");
      if (open !== undefined) return whatWaits(open, blocks);
    }
    return undefined;
  };
}

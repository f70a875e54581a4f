import { GluError } from "../errors.ts";
import type { RefName } from "../model/names.ts";
import { noStatuses } from "../ports/no-statuses.ts";
import { eachOf } from "../promote/each-of.ts";
import { startMemory } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { unjudged } from "./judge.ts";
import { type Marked, mark, type Unmarked } from "./mark.ts";
import { type Bench, onNewest } from "./on-newest.ts";
import { tellOf } from "./tell.ts";
import { verdictOf } from "./verdict.ts";

/** What may have changed for proposals. Empty: everything. */
export interface RefreshScope {
  apps: readonly string[];
  environments: readonly string[];
}

export interface Refreshed {
  /** Open proposals that were judged. */
  proposals: readonly Marked[];
  /** What is held, for people. */
  notices: string[];
  /** What the forge could not be told. */
  warnings: string[];
}

/** Proposals that are judged at the same time. */
const atOnce = 4;

/** Where the branches of proposals lie. */
const branches = "refs/heads/glu/";

/**
 * Decides again of each open proposal in scope whether it may be merged now, and tells the forge: by the status
 * `glu/<environment>` of its head, and by switching off that it is merged by itself. What fails is told, not thrown: the
 * decision that led here stands.
 */
export async function refreshStatuses(
  scope: RefreshScope,
  ports: PromotePorts,
  memory: RunMemory = startMemory(ports).memory,
): Promise<Refreshed> {
  if (ports.statuses === noStatuses) return { proposals: [], notices: [], warnings: [] };
  let proposals: Marked[] = [];
  let unmarked: Unmarked[] = [];
  const failed = new Set<string>();
  try {
    await onNewest(ports, memory, async (benches) => {
      [proposals, unmarked] = [[], []];
      for (const bench of benches) {
        const refs = await bench.target.proposals.list(branches);
        const inScope = [...refs.keys()].filter((ref) => isInScope(ref, scope, bench));
        await eachOf(inScope, atOnce, async (ref) => {
          const done = await refreshOne(ref, bench, ports);
          if (done === undefined) return;
          proposals.push(done.marked);
          unmarked.push(...done.unmarked);
        });
      }
      return proposals.length > 0;
    });
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const fix = error.fix === undefined ? "" : ` ${error.fix}`;
    failed.add(
      `What is proposed could not be judged again, so it can still be merged as it was: ${error.message}${fix}`,
    );
  }
  proposals.sort((a, b) => (a.proposal?.number ?? 0) - (b.proposal?.number ?? 0));
  const { notices, warnings } = tellOf(proposals, unmarked);
  return { proposals, notices, warnings: [...failed, ...warnings] };
}

/** Whether a branch carries what concerns the scope; of many apps its name says only how many there are. */
function isInScope(ref: RefName, { apps, environments }: RefreshScope, bench: Bench): boolean {
  const [environment, names = ""] = ref.slice(branches.length).split("/");
  const isHere = bench.environments.some(({ name }) => name === environment);
  if (!isHere || (environments.length > 0 && !environments.includes(String(environment)))) return false;
  return apps.length === 0 || /^\d+\+/.test(names) || names.split("+").some((name) => apps.includes(name));
}

async function refreshOne(
  ref: RefName,
  bench: Bench,
  { proposing, statuses }: PromotePorts,
): Promise<{ marked: Marked; unmarked: Unmarked[] } | undefined> {
  const { target, tip, environments, pipeline } = bench;
  const proposals = proposing.of(target);
  const known = await proposals.of({ branch: ref, base: tip.branch });
  const proposal = known.find(({ state }) => state === "open");
  if (proposal === undefined) return undefined;
  const judged = await judgedAt(ref, bench);
  if (judged === undefined) return undefined;
  const marked = { ...judged, proposal };
  const unmarked = await mark(marked, target, { statuses, proposals }, pipeline.environments);
  return { marked, unmarked };

  async function judgedAt(branch: RefName, { judge }: Bench) {
    try {
      const brought = await judge.brings(branch);
      if (brought === undefined) return undefined;
      const stances = await judge.stances(brought, environments);
      const verdicts = environments.map(({ name }) => {
        return verdictOf(
          name,
          stances.filter(({ environment }) => environment === name),
        );
      });
      return { commit: brought.head.commit, verdicts };
    } catch (error) {
      if (!(error instanceof GluError) || error.kind === "outside" || proposal?.head === undefined) throw error;
      const why = error;
      const verdicts = environments.map((one) =>
        verdictOf(one.name, [{ app: "" as never, ...unjudged(why, branch, one) }]),
      );
      return { commit: proposal.head, verdicts };
    }
  }
}

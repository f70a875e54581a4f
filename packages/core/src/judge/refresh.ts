import { GluError } from "../errors.ts";
import { type RefName, shortRef } from "../model/names.ts";
import { noStatuses } from "../ports/no-statuses.ts";
import { eachOf } from "../promote/each-of.ts";
import { startMemory } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { environmentOfBranch } from "../propose/branch.ts";
import { proposalsFolder } from "../propose/superseded.ts";
import { judgedAt } from "./judged-at.ts";
import { type Marked, mark, type Unmarked } from "./mark.ts";
import { type Bench, onNewest } from "./on-newest.ts";
import { tellOf } from "./tell.ts";

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

/** Puts what a branch proposes on the newest tip, and says what people should know when it did. */
export type Reapply = (ref: RefName, bench: Bench) => Promise<string | undefined>;

/** Proposals that are judged at the same time. */
const atOnce = 4;

/**
 * Decides again of each open proposal in scope whether it may be merged now, and tells the forge: by the status
 * `glu/<environment>` of its head, and by switching off that it is merged by itself. What fails is told, not thrown: the
 * decision that led here stands.
 * @param reapply is done before, to each of them
 */
export async function refreshStatuses(
  scope: RefreshScope,
  ports: PromotePorts,
  memory: RunMemory = startMemory(ports).memory,
  reapply?: Reapply,
): Promise<Refreshed> {
  if (ports.statuses === noStatuses) return { proposals: [], notices: [], warnings: [] };
  let proposals: Marked[] = [];
  let unmarked: Unmarked[] = [];
  const failed = new Map<string, GluError>();
  const reapplied: string[] = [];
  const behind = new Map<string, GluError>();
  try {
    await onNewest(ports, memory, async (benches, unread) => {
      [proposals, unmarked] = [[], []];
      failed.clear();
      for (const { target, environments, error } of unread) {
        const { environments: wanted } = scope;
        if (wanted.length > 0 && !environments.some(({ name }) => wanted.includes(name))) continue;
        failed.set(`What is proposed to ${target.location}`, error);
      }
      for (const bench of benches) {
        const refs = await branchesIn(bench, failed);
        const inScope = [...refs.keys()].filter((ref) => isInScope(ref, scope, bench));
        // One after the other: each decides on what the others wrote.
        for (const ref of reapply === undefined ? [] : inScope) {
          try {
            const told = await reapply?.(ref, bench);
            if (told !== undefined) reapplied.push(told);
          } catch (error) {
            if (!(error instanceof GluError)) throw error;
            behind.set(shortRef(ref), error);
          }
        }
        await eachOf(inScope, atOnce, async (ref) => {
          try {
            const done = await refreshOne(ref, bench, ports);
            if (done === undefined) return;
            proposals.push(done.marked);
            unmarked.push(...done.unmarked);
          } catch (error) {
            // What cannot be asked of one keeps no other from being told.
            if (!(error instanceof GluError)) throw error;
            failed.set(shortRef(ref), error);
          }
        });
      }
      return proposals.length > 0;
    });
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    failed.set("What is proposed", error);
  }
  proposals.sort((a, b) => (a.proposal?.number ?? 0) - (b.proposal?.number ?? 0));
  const { notices, warnings } = tellOf(proposals, unmarked);
  return {
    proposals,
    notices: [...reapplied, ...notices],
    warnings: [...[...behind].map(notReapplied), ...[...failed].map(unjudged), ...warnings],
  };
}

/** None where they cannot be listed, which is told. */
async function branchesIn({ target }: Bench, failed: Map<string, GluError>): Promise<ReadonlyMap<RefName, unknown>> {
  try {
    return await target.proposals.list(proposalsFolder);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    failed.set(`What is proposed to ${target.location}`, error);
    return new Map();
  }
}

function unjudged([what, { message, fix }]: [string, GluError]): string {
  const why = fix === undefined ? message : `${message} ${fix}`;
  return `${what} could not be judged again, AND CAN STILL BE MERGED as it was: ${why}`;
}

function notReapplied([what, { message, fix }]: [string, GluError]): string {
  const why = fix === undefined ? message : `${message} ${fix}`;
  return `${what} could not be put on the newest tip; the next run tries again: ${why}`;
}

/** Whether a branch carries what concerns the scope; of many apps its name says only how many there are. */
function isInScope(ref: RefName, { apps, environments }: RefreshScope, bench: Bench): boolean {
  const [environment, names = ""] = ref.slice(proposalsFolder.length).split("/");
  const isHere = bench.environments.some(({ name }) => name === environment);
  if (!isHere || (environments.length > 0 && !environments.includes(String(environment)))) return false;
  return apps.length === 0 || /^\d+\+/.test(names) || names.split("+").some((name) => apps.includes(name));
}

async function refreshOne(
  ref: RefName,
  bench: Bench,
  { proposing, statuses }: PromotePorts,
): Promise<{ marked: Marked; unmarked: Unmarked[] } | undefined> {
  const { target, tip, pipeline } = bench;
  const proposals = proposing.of(target);
  const known = await proposals.of({ branch: ref, base: tip.branch });
  const proposal = known.find(({ state }) => state === "open");
  if (proposal === undefined) return undefined;
  const judged = await judgedAt(ref, proposal.head, bench);
  if (judged === undefined) return undefined;
  const marked = { ...judged, proposal, into: environmentOfBranch(ref) };
  const unmarked = await mark(marked, target, { statuses, proposals }, pipeline.environments);
  return { marked, unmarked };
}

import { GluError } from "../errors.ts";
import { type AppName, type RepoPath, shortRef } from "../model/names.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { Logger } from "../ports/logger.ts";
import type { OtherProposal, Proposal, ProposalPlace, Proposals } from "../ports/proposals.ts";
import { parseTrailers } from "../records/trailers.ts";
import { readMarker, withMarker } from "./marker.ts";
import { type MergedMeanwhile, ofSomebodyElse, type Standing, standingOf, type Wanted } from "./standing.ts";
import type { WaitsElsewhere } from "./waits-elsewhere.ts";

/** What was seen of the proposal of a place. */
export interface Looked {
  standing: Standing;
  /** The newest one, when it was merged and undone since. */
  undone: number | undefined;
  /** Open ones of its branch that go elsewhere. */
  others: readonly OtherProposal[];
  /** The one that is open. */
  open: Proposal | undefined;
}

interface Looking {
  place: ProposalPlace;
  /** The tip that it was decided on. */
  onto: Snapshot;
  wanted: Wanted;
  /** Nobody asked for it: a policy starts it. */
  isAutomatic: boolean;
  /** See `SeenProposals.undoing`. */
  undoing: string | undefined;
  request: string;
  /** All of it goes back. */
  goesBack: boolean;
  apps: readonly AppName[];
  /** Files that it is to change. */
  paths: readonly RepoPath[];
}

interface Access {
  target: ConfigRepository;
  proposals: Proposals;
  clock: Pick<Clock, "now">;
  /** Whether people asked for something else, by another branch. */
  waiting: WaitsElsewhere;
}

/** Looks at the branch of a place and at what the forge has of it, and says what is to be done. */
export async function lookAt({ target, proposals, clock, waiting }: Access, looking: Looking): Promise<Looked> {
  const { place, onto, wanted, isAutomatic, undoing, request, goesBack, apps, paths } = looking;
  const { branch, base } = place;
  const [tip, known] = await Promise.all([target.proposals.read(branch), proposals.of(place)]);
  const seen = { branch, tip, proposals: known, isAutomatic, undoing, request, goesBack };
  let standing = standingOf(seen, wanted);
  let undone: number | undefined;
  if (standing.kind === "held" && standing.merged !== undefined && (await isUndone(standing.merged, onto, clock))) {
    undone = standing.merged.proposal.number;
    standing = standingOf({ ...seen, undone }, wanted);
  }
  if (standing.kind === "stands" && (await bringsMore(target, looking, paths))) {
    standing = { kind: "write", replaces: tip?.commit, open: standing.open };
  }
  const gate = isAutomatic && standing.kind !== "held" ? await waiting(apps) : undefined;
  if (gate !== undefined) standing = { kind: "held", gate };
  const open = known.find(({ state }) => state === "open");
  const isNew = standing.kind === "write" && open === undefined;
  const others = isNew ? await proposals.others(place) : [];
  const foreign = others.find((one) => !one.own && one.base === base);
  return { standing: foreign === undefined ? standing : ofSomebodyElse(branch, foreign), undone, others, open };
}

/** Commits of the config branch that are looked at for what was merged. */
const looked = 50;
/** Milliseconds after which a server tells no branch any longer as it was before a merge. */
const longestStale = 10 * 60_000;

/** Whether the tip was read after the merge, and no longer has what came with it: people have undone it. */
async function isUndone(
  { proposal, request }: MergedMeanwhile,
  tip: Snapshot,
  clock: Access["clock"],
): Promise<boolean> {
  const { head, mergedAt } = proposal;
  if (mergedAt !== undefined && clock.now() - Date.parse(mergedAt) > longestStale) return true;
  return (await tip.log(looked)).some(
    ({ commit, merged, message }) =>
      [commit, ...merged].some((one) => one === head) ||
      parseTrailers(message).some((block) => block.request === request),
  );
}

/** Whether the branch would bring more than Glu has put on it: what was there before the config branch was pushed by force. */
async function bringsMore(
  target: ConfigRepository,
  { place, onto }: Looking,
  paths: readonly RepoPath[],
): Promise<boolean> {
  try {
    const brought = await target.proposals.brings(place.branch, onto);
    const own = new Set<string>(paths);
    return brought !== undefined && [...brought.paths].some((path) => !own.has(path));
  } catch (error) {
    // Nothing of the config branch is below it any more.
    if (error instanceof GluError && error.code === "repository/unrelated") return true;
    throw error;
  }
}

/** Closes one of the same branch that goes into another one, where the environment was before. Its branch is in use. */
export async function closeElsewhere(
  { number, own, body, base }: OtherProposal,
  { url, apps, proposals, logger }: { url: string; apps: readonly AppName[]; proposals: Proposals; logger: Logger },
): Promise<void> {
  const marker = readMarker(body);
  if (!own || marker === undefined) return;
  const why = `${apps.join(", ")} ${apps.length === 1 ? "is" : "are"} proposed by ${url}, and no longer into ${shortRef(base)}`;
  try {
    await proposals.close(number, `Closed: ${why}.`, withMarker(body, { ...marker, superseded: true }));
    logger.notice(`#${number} was closed: ${why}.`);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    logger.warning(`#${number} is no longer needed, and could not be closed: ${error.message}`);
  }
}

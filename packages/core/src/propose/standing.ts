import type { Decision, GateResult } from "../model/decision.ts";
import type { RefName, Sha } from "../model/names.ts";
import { shortRef } from "../model/names.ts";
import type { ProposedCommit } from "../ports/proposal-branches.ts";
import type { OtherProposal, Proposal } from "../ports/proposals.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";
import { type Marker, readMarker } from "./marker.ts";

/** What a proposal would say, by whatever request. */
export type Wanted = Omit<Marker, "request" | "config" | "insteadOf" | "superseded">;

/** What is to be done with the proposal of a place. */
export type Standing =
  /** The branch is written, and the proposal opened, or updated where there is one. */
  | { kind: "write"; replaces: Sha | undefined; open: Proposal | undefined }
  /** There is one that says just this. */
  | { kind: "stands"; open: Proposal }
  /** Nothing is done, and why. */
  | { kind: "held"; gate: GateResult; merged?: MergedMeanwhile };

/** What seems to have been merged after the config branch was read. */
export interface MergedMeanwhile {
  proposal: Proposal;
  request: string;
}

export interface SeenProposals {
  branch: RefName;
  /** What the branch points to. */
  tip: ProposedCommit | undefined;
  /** Of this place and by this identity, newest first. */
  proposals: readonly Proposal[];
  /** One that was merged, and that people have undone on the config branch since. */
  undone?: number | undefined;
  /** Nobody asked for what is wanted: a policy starts it. */
  isAutomatic?: boolean;
  /** The request of a rollback that follows a failure: the config wants it, until people decide otherwise. */
  undoing?: string | undefined;
  /** The request that wants it: what it proposed before is what it wants. */
  request?: string;
  /** What is wanted goes back. */
  goesBack?: boolean;
}

/**
 * Whether a proposal is to be written: not where people wrote to its branch, nor where they closed it as it is, nor
 * where it was merged since the config branch was read. Pure.
 */
export function standingOf(seen: SeenProposals, wanted: Wanted): Standing {
  const { branch, tip, proposals, undone, isAutomatic, undoing, request, goesBack } = seen;
  const open = proposals.find(({ state }) => state === "open");
  const [newest] = proposals;
  // What somebody else put there and was merged is not lost: bringing a branch up to date before merging it does that.
  const isMerged = newest?.state === "merged" && newest.head === tip?.commit;
  if (tip !== undefined && !tip.byGlu && !isMerged) return { kind: "held", gate: edited(branch, open) };
  const marker = open && readMarker(open.body);
  // People may open again what Glu closed.
  const isWhole = marker !== undefined && marker.superseded !== true;
  // What a policy starts asks for nothing else than what is there.
  const saysIt = isAutomatic === true || marker?.asked === wanted.asked || marker?.request === request;
  if (open !== undefined && isWhole && tip !== undefined && saysIt && isSame(marker, wanted)) {
    return { kind: "stands", open };
  }
  if (undoing !== undefined) {
    // Something newer may have been proposed since it was closed.
    const closed = proposals.find((one) => isClosedByHand(one) && readMarker(one.body)?.request === undoing);
    if (closed !== undefined) return { kind: "held", gate: closedByHand(closed, { goesBack }) };
    if (open !== undefined && marker?.insteadOf === undoing) return { kind: "held", gate: askedInstead(open) };
  }
  if (open !== undefined && isAutomatic === true) {
    const gate = whatWaits(open, parseTrailers(tip?.message ?? ""));
    if (gate !== undefined) return { kind: "held", gate };
  }
  const past = newest && readMarker(newest.body);
  if (newest !== undefined && isClosedByHand(newest)) {
    const brought = past ?? broughtBy(tip, newest, wanted);
    if (brought !== undefined && sameArtifacts(brought, wanted))
      return { kind: "held", gate: closedByHand(newest, { goesBack, lost: tip === undefined ? branch : undefined }) };
  }
  if (newest?.state === "merged" && newest.number !== undone && past !== undefined && isSame(past, wanted)) {
    return { kind: "held", gate: justMerged(newest), merged: { proposal: newest, request: past.request } };
  }
  // One that says nothing of itself was not finished: its text is the last that it gets. It is opened again, with all
  // that belongs to it.
  return { kind: "write", replaces: tip?.commit, open: marker === undefined ? undefined : open };
}

const isClosedByHand = ({ state, body }: Proposal): boolean =>
  state === "closed" && readMarker(body)?.superseded !== true;

/** What a proposal brought whose text somebody has changed, as its branch still tells. */
function broughtBy(
  tip: ProposedCommit | undefined,
  { head }: Proposal,
  { environment }: Wanted,
): Pick<Marker, "artifacts"> | undefined {
  if (tip === undefined || !tip.byGlu || tip.commit !== head) return undefined;
  const here = parseTrailers(tip.message).filter((block) => block.environment === environment);
  return { artifacts: Object.fromEntries(here.map(({ app, artifact }) => [app, artifact ?? ""])) };
}

function isSame(marker: Marker, wanted: Wanted): boolean {
  return sameArtifacts(marker, wanted) && marker.onto === wanted.onto;
}

function sameArtifacts(a: Pick<Marker, "artifacts">, b: Pick<Marker, "artifacts">): boolean {
  const sorted = ({ artifacts }: Pick<Marker, "artifacts">) => JSON.stringify(Object.entries(artifacts).sort());
  return sorted(a) === sorted(b);
}

function edited(branch: RefName, open: Proposal | undefined): GateResult {
  return {
    name: "proposal",
    met: false,
    outcome: "held",
    code: "proposal/edited",
    seen: `somebody else has written to the branch ${shortRef(branch)}`,
    clearedBy: `merging or closing it, and deleting the branch ${shortRef(branch)}`,
    ...(open === undefined ? {} : { url: open.url }),
  };
}

/** The way back and break-glass, once somebody has asked for it, is not replaced by what a policy wants. */
export function whatWaits(
  open: Pick<Proposal, "number" | "url">,
  blocks: readonly TrailerBlock[],
): GateResult | undefined {
  if (blocks.some(({ kind }) => kind === "rollback")) return askedFor(open, "proposal/rollback", "proposes to go back");
  if (blocks.some(({ override }) => override !== undefined))
    return askedFor(open, "proposal/override", "overrides gates");
  return undefined;
}

function askedFor({ number, url }: Pick<Proposal, "number" | "url">, code: string, does: string): GateResult {
  return {
    name: "proposal",
    met: false,
    outcome: "held",
    code,
    seen: `#${number} ${does}, and waits to be merged`,
    clearedBy: `merging or closing #${number}, or a promotion by name`,
    url,
  };
}

/** Why a rollback that follows a failure leaves alone what people want instead. */
function askedInstead({ number, url }: Proposal): GateResult {
  return {
    name: "proposal",
    met: false,
    outcome: "held",
    code: "proposal/instead",
    seen: `#${number}, which proposed to go back, was asked to bring something else by name`,
    clearedBy: `merging or closing #${number}`,
    url,
  };
}

/** Why what people closed is not proposed again. */
export function closedByHand(
  { number, url }: Proposal,
  { goesBack = false, lost }: { goesBack?: boolean | undefined; lost?: RefName | undefined } = {},
): GateResult {
  const again = `${lost === undefined ? "" : `restoring the branch ${shortRef(lost)} and `}opening #${number} again`;
  return {
    name: "proposal",
    met: false,
    outcome: "held",
    code: "proposal/closed",
    seen: `this was proposed by #${number}, which somebody closed`,
    // No artifact is newer that one goes back to.
    clearedBy: goesBack ? `${again}, or --strategy commit` : `a newer artifact, or ${again}`,
    url,
  };
}

function justMerged({ number, url }: Proposal): GateResult {
  return {
    name: "proposal",
    met: false,
    outcome: "held",
    code: "proposal/merged",
    seen: `#${number}, which proposed this, was merged after the config branch was read`,
    clearedBy: "the next run, which sees it",
    url,
  };
}

/** A forge takes no second one of the same branches, and what Glu writes to its branch would change that one. */
export function ofSomebodyElse(branch: RefName, { number, url, by }: OtherProposal): Standing {
  const name = shortRef(branch);
  const gate: GateResult = {
    name: "proposal",
    met: false,
    outcome: "held",
    code: "proposal/foreign",
    seen: `#${number}, which ${by ?? "somebody else"} opened, is of the branch ${name}`,
    clearedBy: `merging or closing #${number}${by === undefined ? "" : `, or a token of ${by}`}`,
    url,
  };
  return { kind: "held", gate };
}

/** The decision on what goes, by what becomes of its proposal. */
export function settled(decision: Decision, standing: Standing): Decision {
  if (standing.kind === "held") {
    const { gate } = standing;
    const nothing = { release: undefined, commit: undefined };
    return { ...decision, result: "held", reason: gate.seen, gates: [...decision.gates, gate], ...nothing };
  }
  if (standing.kind === "write") return { ...decision, result: "proposed", reason: "all gates are met" };
  const { number, url } = standing.open;
  return { ...decision, result: "proposed", reason: "proposed before", proposal: { number, url } };
}

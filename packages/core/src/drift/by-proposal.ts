import { GluError } from "../errors.ts";
import { statusContext } from "../judge/verdict.ts";
import type { AppName, EnvName } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import type { Proposal } from "../ports/proposals.ts";
import {
  type AskingForMerges,
  type Brought,
  findMergedProposal,
  mergedByAnother,
  mergedProposal,
} from "../propose/merged-proposal.ts";
import type { DriftPorts, UnmetStatus } from "./options.ts";

/** How the current release of a record came. */
export interface Came {
  /** By a proposal of ours that somebody merged, as the forge tells it. */
  isMerged: boolean;
  /** What the status of its head said, when it was not a success. */
  past: UnmetStatus | undefined;
}

/** @param isKnown Git tells already that it came by a proposal */
export type CameBy = (
  place: { app: AppName; environment: EnvName },
  record: ReleaseRecord,
  isKnown: boolean,
) => Promise<Came>;

/** The apps that a request brought into an environment, as far as it is still what runs there. */
export type BroughtBy = (environment: EnvName, request: string) => readonly AppName[];

/**
 * As the forge tells it: a merge, a squash or a rebase may have lost what the commit said. A status counts as it was when
 * it was merged, whatever a run that began before has said since.
 */
export function mergesAt(
  pipeline: Pipeline,
  broughtBy: BroughtBy,
  ports: AskingForMerges & Pick<DriftPorts, "statuses">,
): CameBy {
  return async ({ app, environment: name }, { current }, isKnown) => {
    const environment = pipeline.environments.get(name);
    if (environment === undefined || !isProposal(current)) return { isMerged: false, past: undefined };
    const { request } = current;
    const brought = { app, apps: broughtBy(name, request), environment, request };
    // Who cannot ask is told so only where the answer decides.
    if (!isKnown) {
      const proposal = (await mergedProposal(brought, ports)) ?? (await byAnother(brought, ports));
      return { isMerged: proposal !== undefined, past: proposal && (await unmetStatus(proposal, brought, ports)) };
    }
    try {
      const proposal = (await findMergedProposal(brought, ports)) ?? (await mergedByAnother(brought, ports));
      return { isMerged: true, past: proposal && (await unmetStatus(proposal, brought, ports)) };
    } catch (error) {
      notAsked(error, brought, ports);
      return { isMerged: true, past: undefined };
    }
  };
}

/** One of another identity. That it cannot be asked for is said, and then none is known. */
async function byAnother(brought: Brought, ports: AskingForMerges): Promise<Proposal | undefined> {
  try {
    return await mergedByAnother(brought, ports);
  } catch (error) {
    notAsked(error, brought, ports);
    return undefined;
  }
}

/** What a merged proposal was marked with, when that did not allow it. */
async function unmetStatus(
  { head, mergedAt }: Proposal,
  brought: Brought,
  ports: AskingForMerges & Pick<DriftPorts, "statuses">,
): Promise<UnmetStatus | undefined> {
  const { environment } = brought;
  const context = statusContext(environment.name);
  if (head === undefined) return undefined;
  try {
    const said = await ports.statuses.of(ports.repositoryOf(environment)).read(head, context, mergedAt);
    if (said === undefined || said.state === "success") return undefined;
    return { context, state: said.state, reason: said.description, until: undefined };
  } catch (error) {
    notAsked(error, brought, ports);
    return undefined;
  }
}

/** Where no forge is known, or there is no token, nobody expects it to be asked. */
const unasked = /^(?:proposal|status)\/no-(?:forge|token)$/;

function notAsked(
  error: unknown,
  { app, environment }: { app: AppName; environment: Environment },
  ports: AskingForMerges,
): void {
  if (!(error instanceof GluError)) throw error;
  if (unasked.test(error.code)) return;
  const fix = error.fix === undefined ? "" : ` ${error.fix}`;
  ports.logger.notice(
    `Whether ${app} was merged into ${environment.name} past its status could not be asked: ${error.message}${fix}`,
  );
}

/** Whether a release was proposed, and the record does not say yet when it was merged. */
export const isProposal = (release: ReleaseRecord["current"]): release is NonNullable<ReleaseRecord["current"]> =>
  release?.releasedAt === null;

/** Whether a record says nothing new but when what was proposed was merged. */
export function isTimed(before: ReleaseRecord | undefined, after: ReleaseRecord | undefined): boolean {
  if (!before?.current || !after?.current || !isProposal(before.current)) return false;
  const untimed = { ...after, current: { ...after.current, releasedAt: null } };
  return after.current.releasedAt !== null && JSON.stringify(untimed) === JSON.stringify(before);
}

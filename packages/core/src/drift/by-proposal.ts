import type { AppName, EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { type AskingForMerges, mergedProposal } from "../propose/merged-proposal.ts";

/** Whether the current release of a record came by a proposal of ours that somebody merged. */
export type IsMerged = (app: AppName, environment: EnvName, record: ReleaseRecord) => Promise<boolean>;

/** The apps that a request brought into an environment, as far as it is still what runs there. */
export type BroughtBy = (environment: EnvName, request: string) => readonly AppName[];

/** As the forge tells it: a merge, a squash or a rebase may have lost what the commit said. */
export function mergesAt(pipeline: Pipeline, broughtBy: BroughtBy, ports: AskingForMerges): IsMerged {
  return async (app, name, { current }) => {
    const environment = pipeline.environments.get(name);
    if (environment === undefined || !isProposal(current)) return false;
    const { request } = current;
    const apps = broughtBy(name, request);
    return (await mergedProposal({ app, apps, environment, request }, ports)) !== undefined;
  };
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

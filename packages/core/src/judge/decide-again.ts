import { verifyArtifact } from "../artifact/digest.ts";
import type { AppName, RepoPath, RequestId } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import { requestToUndo } from "../model/request.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { decideAll, loadAround, pathsOf } from "../promote/decide-all.ts";
import { type DecidedIntent, draft } from "../promote/decide-intent.ts";
import type { PromoteRequest } from "../promote/options.ts";
import type { Restored } from "../rollback/exact-files.ts";
import type { Tips } from "../state/tips.ts";
import type { Judging } from "./judge.ts";
import type { Origins } from "./origin.ts";
import { proposalOf } from "./proposal-of.ts";
import type { TouchedPlace } from "./touched.ts";

interface Seen {
  /** What was changed by hand is written over. */
  overwrite: boolean;
  /** Apps that came by the same request. */
  apps: readonly AppName[];
  /** Of a rollback: what it goes back to; the release itself where it is as Glu proposed it. */
  to: Release | undefined;
  /** Files of the commit that brings the release, those that it wrote among them. */
  files: ReadonlyMap<RepoPath, FileAt>;
}

/** Decides on the newest tips on a release that a commit brings, as whoever asked for it would be decided on now. */
export async function decideAgain(
  release: Release,
  { app, environment }: TouchedPlace,
  { overwrite, apps, to, files }: Seen,
  judging: Judging & { tips: Tips; origins: Origins },
): Promise<DecidedIntent> {
  const { target, tip, pipeline, ports, memory, tips, origins } = judging;
  const { editors, templates } = ports;
  const tools = { editors, templates, configFile: pipeline.file };
  const { artifact } = verifyArtifact(release.artifact, `The artifact of ${app.name} in ${environment.name}`);
  const request = release.request as RequestId;
  const asked: PromoteRequest = {
    ...{ apps: [app.name], environments: [environment.name], artifact: artifact.id, request, overwrite },
    override: release.overrides?.map(({ gate }) => gate),
    ...{ reason: release.reason, actor: release.actor, author: undefined, commitMessage: undefined },
    // Nothing is made to happen: what makes things happen did when it was proposed.
    ...{ plan: true, set: false, again: false },
  };
  const candidate = { app, environment, explicit: true };
  const place = { app: app.name, environment: environment.name };
  const current = tips.state().current(app.name, environment.name);
  const isUndoing = current?.state === "failed" && release.request === requestToUndo(current.request);
  const afterFailure = isUndoing ? { afterFailure: true as const } : {};
  const rejection = tips
    .state()
    .record(app.name, environment.name)
    .rejected.find((one) => one.artifact === artifact.id);
  const isUnaware = rejection !== undefined && rejection.at > release.decidedAt;
  const intent = {
    ...{ ...place, artifact, explicit: true, request },
    ...(isUnaware ? { unaware: true as const } : {}),
    ...(release.kind === "rollback" ? { rollback: { ...(to && { to }), undoes: [], ...afterFailure } } : {}),
    ...(release.exact === true && to !== undefined ? { exact: restored(to, files) } : {}),
  };
  const drafted = draft({ ...intent, candidate, alternatives: [] }, tools);
  await tips.load([], pathsOf(drafted));
  await loadAround([drafted], tips.own);
  const proposal = await proposalOf(release, { app: app.name, environment, apps }, judging, origins);
  const tries = { count: 0, unclear: false };
  const deciding = { onto: tip, tries, tools, request: asked, ports, memory, target, proposal };
  const [decided] = await decideAll([drafted], tips.own, tips.state(), deciding);
  if (decided === undefined) throw new Error("an intent has a decision");
  return decided;
}

/** The files that were put back byte for byte: there is no config that would write them. */
function restored({ writes }: Release, files: Seen["files"]): Restored {
  const paths = new Set<string>(writes.map(({ path }) => path));
  const own = [...files].filter(([path]) => paths.has(path));
  return { kind: "restored", files: new Map(own.map(([path, { content }]) => [path, content])), writes };
}

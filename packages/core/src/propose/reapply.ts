import { sameBytes, sameFile } from "../edit/same-bytes.ts";
import type { Artifact } from "../model/artifact.ts";
import { type AppName, type EnvName, type RefName, type RepoPath, requestId, shortRef } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { type Release, recordPath } from "../model/record.ts";
import { requestToUndo } from "../model/request.ts";
import type { ConfigRepository, FileAt, Identity, Snapshot } from "../ports/config-repository.ts";
import type { Brings } from "../ports/proposal-branches.ts";
import { attemptOn, type Includes, type Run } from "../promote/attempt-on.ts";
import type { PromotePorts, PromoteRequest, RollbackOptions } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { readCurrent, readPin, readRecord } from "../records/documents.ts";
import { findRelease } from "../rollback/find-release.ts";
import type { GoneBackTo } from "../rollback/past-releases.ts";
import { ifReadable } from "../state/if-readable.ts";
import { environmentOfBranch, proposalBranch } from "./branch.ts";
import { isProposed } from "./is-proposed.ts";
import { proposeUnit } from "./propose-unit.ts";
import { isHereIn } from "./tidy.ts";

export interface Reapplying {
  target: ConfigRepository;
  /** Of the target, the newest. */
  tip: Snapshot;
  pipeline: Pipeline;
  ports: PromotePorts;
  memory: RunMemory;
  /** Of the commit; default: as the repository is configured. */
  author: Identity | undefined;
}

/** What a branch proposes, as it holds it. */
interface Standing {
  environment: EnvName;
  releases: ReadonlyMap<AppName, Release>;
  /** Of its commit. */
  subject: string;
  head: Brings["head"];
  /** The files at its head that it changes, and the same at the tip. */
  files: ReadonlyMap<RepoPath, FileAt>;
  there: ReadonlyMap<RepoPath, FileAt>;
  /** Those that are no longer as they were when it was written. */
  changed: readonly RepoPath[];
}

/**
 * Puts what is proposed on the newest tip where files that it changes are others there, such as a record that got a
 * verdict: forges show a conflict until then. It is what was asked for before, by the same people and under the same
 * request, decided again as of now. What somebody else wrote to, what is closed, and what is held now stays as it is.
 * @param brought what the branch holds
 * @returns what people should know; undefined where nothing was written
 */
export async function reapply(ref: RefName, brought: Brings, at: Reapplying): Promise<string | undefined> {
  const standing = await standingAt(ref, brought, at);
  const request = standing && (await askedAgain(standing, at));
  if (standing === undefined || request === undefined) return undefined;
  const { environment, releases, head } = standing;
  const { target, tip } = at;
  const apps = [...releases.keys()];
  const unit = { environment, apps, standing: { artifacts: artifactsOf(releases), head: head.commit } };
  const decisions = await proposeUnit(target, runOf(request, standing, at), tip, unit);
  const [proposal] = decisions.flatMap((one) => one.proposal ?? []);
  if (proposal === undefined) return undefined;
  const files = standing.changed.length === 1 ? `${standing.changed[0]} has` : "files that it changes have";
  return `#${proposal.number} was put on the newest ${shortRef(tip.branch)}: ${files} changed there.`;
}

/** Undefined where it need not be written again, or is not as Glu left it. */
async function standingAt(ref: RefName, brought: Brings, at: Reapplying): Promise<Standing | undefined> {
  const { head, base, byGlu } = brought;
  const { target, tip, pipeline, ports } = at;
  if (!byGlu || base.commit === tip.commit) return undefined;
  const environment = environmentOfBranch(ref) as EnvName;
  const declared = pipeline.environments.get(environment);
  if (declared === undefined || !isProposed({ environment: declared })) return undefined;
  if (!isHereIn(target, environment, pipeline, ports)) return undefined;
  const paths = [...brought.paths];
  const [before, there] = await Promise.all([base.read(paths), tip.read(paths)]);
  const changed = paths.filter((path) => !sameFile(before.get(path), there.get(path)));
  if (changed.length === 0) return undefined;
  const files = await head.read(paths);
  const members = [...pipeline.apps.values()].filter((app) => app.environments.includes(environment));
  const releases = new Map<AppName, Release>();
  for (const { name } of members) {
    if (!brought.paths.has(recordPath(name, environment))) continue;
    const release = ifReadable(() => readCurrent(files, name, environment));
    if (release) releases.set(name, release);
  }
  // One of its apps may be gone, and whoever wrote it may have had another config.
  if (proposalBranch(environment, [...releases.keys()]) !== ref) return undefined;
  const [newest] = await head.log(1);
  const subject = newest?.message.split("\n", 1)[0] ?? "";
  return { environment, releases, subject, head, files, there, changed };
}

const artifactsOf = (releases: ReadonlyMap<AppName, Release>): ReadonlyMap<AppName, Artifact> =>
  new Map([...releases].map(([app, { artifact }]) => [app, artifact]));

const isDocument = (path: string): boolean => path.startsWith(".glu/");

/** The request that it was proposed for; undefined where it cannot be told what was asked for. */
async function askedAgain(standing: Standing, at: Reapplying): Promise<PromoteRequest | undefined> {
  const { environment, releases, subject, changed } = standing;
  const [[app, release] = [], ...others] = [...releases];
  if (app === undefined || release === undefined) return undefined;
  if (others.some(([, one]) => one.request !== release.request || one.kind !== release.kind)) return undefined;
  const overrides = [...releases.values()].flatMap((one) => one.overrides ?? []);
  const asked: PromoteRequest = {
    apps: [...releases.keys()],
    environments: [environment],
    artifact: others.length === 0 ? release.artifact.id : "latest",
    request: requestId(release.request),
    ...{ actor: release.actor, reason: release.reason, author: at.author, commitMessage: subject },
    ...{ plan: false, again: false, set: others.length > 0 },
    // What was changed by hand before it was proposed was seen then.
    overwrite: changed.every(isDocument),
    ...(overrides.length === 0 ? {} : { override: [...new Set(overrides.map(({ gate }) => gate))] }),
  };
  if (release.kind !== "rollback") return asked;
  return changed.every(isDocument) ? wayBackAgain(asked, { app, release }, standing, at) : undefined;
}

/**
 * The same of a rollback, where it comes to the files that are proposed: an older Glu did not write down that it put back
 * whole files.
 */
async function wayBackAgain(
  asked: PromoteRequest,
  { app, release }: { app: AppName; release: Release },
  standing: Standing,
  at: Reapplying,
): Promise<PromoteRequest | undefined> {
  const { environment, files, there } = standing;
  const pin = ifReadable(() => readPin(files, app, environment));
  const failed = ifReadable(() => readCurrent(there, app, environment));
  const rollback: RollbackOptions = {
    target: { kind: "named", name: release.artifact.id },
    pin: pin?.request === release.request ? { until: pin.until } : undefined,
    exact: release.exact === true,
    directly: false,
    ...(failed && requestToUndo(failed.request) === release.request ? { afterFailure: true } : {}),
  };
  const request = { ...asked, rollback };
  const artifacts = artifactsOf(standing.releases);
  const attempting = { target: at.target, run: runOf(request, standing, at), includes, standing: artifacts };
  const { commit } = await attemptOn(at.tip, { count: 0, unclear: false }, attempting);
  const written = commit?.changes.filter(({ path }) => !isDocument(path)) ?? [];
  const isProposedSo = ({ path, content }: (typeof written)[number]) => sameBytes(files.get(path)?.content, content);
  return commit !== undefined && written.every(isProposedSo) ? request : undefined;
}

const includes: Includes = (candidate) => isProposed(candidate);

/** What a rollback goes back to is what it went back to. */
function runOf(request: PromoteRequest, { environment, releases, there }: Standing, at: Reapplying): Run {
  const { ports, memory } = at;
  const rollbacks = new Map<string, GoneBackTo>();
  for (const [app, { artifact }] of request.rollback === undefined ? [] : releases) {
    const record = ifReadable(() => readRecord(there, app, environment));
    const found = record && findRelease(record, { kind: "named", name: artifact.id });
    if (found?.kind === "found") rollbacks.set(`${environment}/${app}`, { release: found.release });
  }
  return { request, ports, memory: { ...memory, rollbacks }, first: undefined };
}

import { GluError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { type AppName, artifactId, type EnvName } from "../model/names.ts";
import type { Release, ReleaseRecord } from "../model/record.ts";
import { releases, removalOf } from "../model/record.ts";
import type { Candidate } from "../promote/candidates.ts";
import type { Resolved } from "../promote/intents.ts";
import type { PromoteRequest } from "../promote/options.ts";
import type { ArtifactReader } from "../select/artifact-reader.ts";
import type { Place } from "../state/tips.ts";
import { type ExactOptions, exactFiles } from "./exact-files.ts";
import { findRelease, isCalled } from "./find-release.ts";
import type { GoneBackTo, PastReleases } from "./past-releases.ts";
import { describeTarget, isRelative } from "./target.ts";

/** What a rollback of a run goes back to, by place: a target such as "the previous one" is resolved once. */
export type RollbackTargets = Map<string, GoneBackTo>;

export interface ResolveRollbacksOptions {
  request: PromoteRequest & { rollback: NonNullable<PromoteRequest["rollback"]> };
  targets: RollbackTargets;
  /** A place's record as it was before this request. @throws GluError where it cannot be read */
  record(app: AppName, environment: EnvName): Promise<ReleaseRecord>;
  /** The release that this very request made there before. */
  carriedOut(app: AppName, environment: EnvName): Promise<Release | undefined>;
  /** What the history of the branch tells beyond a record. */
  past: PastReleases;
  reader: ArtifactReader;
  /** How files are put back as they were. */
  exactly: Pick<ExactOptions, "pipeline" | "tools" | "isHere" | "releasesIn">;
}

/**
 * The intents of a rollback, each with what it undoes. Of a whole environment those go that have something to go back
 * to; an app that was named must have.
 */
export async function resolveRollbacks(
  candidates: readonly Candidate[],
  options: ResolveRollbacksOptions,
): Promise<Resolved> {
  const { request, targets, carriedOut } = options;
  const resolved: Resolved = { intents: [], passedOver: [], undecided: [], notices: [] };
  for (const candidate of candidates) {
    const place = { app: candidate.app.name, environment: candidate.environment.name };
    const intent = { ...place, explicit: true, request: request.request, candidate, alternatives: [] };
    try {
      const done = await carriedOut(place.app, place.environment);
      if (done !== undefined) {
        const artifact = await askedAgain(done, place, options);
        resolved.intents.push({ ...intent, artifact, rollback: { undoes: [] } });
        continue;
      }
      const there = await options.record(place.app, place.environment);
      const isLost = there.current === null && removalOf(there) === undefined;
      const lost = isLost ? await lostRecord(candidate, options) : undefined;
      const record = lost ?? there;
      const key = `${place.environment}/${place.app}`;
      const to = targets.get(key) ?? (await releaseOf(record, options));
      if ("why" in to) {
        if (request.apps.length > 0) throw nothingToGoBackTo(to.why, place);
        resolved.passedOver.push({ ...place, artifact: undefined, reason: to.why });
        continue;
      }
      targets.set(key, to);
      const { release } = to;
      const exact = request.rollback.exact ? { exact: await filesOf(to, place, options) } : {};
      const rollback = {
        to: release,
        undoes: undoneBy(release, record),
        ...(isRelative(request.rollback.target) ? { relative: true as const } : {}),
        ...(request.rollback.afterFailure === true ? { afterFailure: true as const } : {}),
        ...(lost === undefined ? {} : { lost }),
      };
      resolved.intents.push({ ...intent, artifact: release.artifact, rollback, ...exact });
    } catch (error) {
      if (!(error instanceof GluError) || request.set) throw error;
      resolved.undecided.push({ ...place, error });
    }
  }
  return resolved;
}

/** What a request that was carried out asks for now: what it went back to, unless it names another one. */
async function askedAgain(done: Release, place: Place, options: ResolveRollbacksOptions): Promise<Artifact> {
  const { target } = options.request.rollback;
  if (target.kind !== "named" || isCalled(done.artifact, target.name)) return done.artifact;
  const to = await releaseOf(await options.record(place.app, place.environment), options);
  if ("why" in to) throw nothingToGoBackTo(to.why, place);
  return to.release.artifact;
}

async function releaseOf(
  record: ReleaseRecord,
  { request, past }: ResolveRollbacksOptions,
): Promise<GoneBackTo | { why: string }> {
  const { target } = request.rollback;
  const found = findRelease(record, target);
  if (found.kind === "found") return { release: found.release };
  return (found.kind === "forgotten" ? await past.find(record, target) : undefined) ?? { why: found.why };
}

/** What was released there before the record was lost. */
async function lostRecord(
  { app, environment }: Candidate,
  { past, reader }: ResolveRollbacksOptions,
): Promise<ReleaseRecord | undefined> {
  return past.lastRecord({ app: app.name, environment: environment.name }, async (id) => {
    try {
      return await reader.one(app, { kind: "id", id: artifactId(id) });
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  });
}

async function filesOf({ release, commit }: GoneBackTo, place: Place, { past, exactly }: ResolveRollbacksOptions) {
  return exactFiles(release, place, {
    ...exactly,
    commit: commit ?? (await past.commitOf(release, place)),
    read: (at, paths) => past.read(at, paths),
  });
}

/** The releases that stand between, newest first: what is current, and what went before it since the target ran. */
function undoneBy(to: Release, record: ReleaseRecord): Release[] {
  const all = releases(record);
  const at = all.findIndex(({ request, decidedAt }) => request === to.request && decidedAt === to.decidedAt);
  return all.slice(0, at < 0 ? all.length : at);
}

function nothingToGoBackTo(why: string, { app, environment }: { app: AppName; environment: EnvName }): UserError {
  return new UserError("rollback/nothing", `Nothing is rolled back: ${why}.`, {
    seen: `${app} in ${environment}`,
    fix: `'glu history ${app} ${environment}' shows what was released there.`,
  });
}

/** What is said when no place has anything to go back to. */
export function nothingToRollBack({ rollback, environments }: PromoteRequest, reasons: readonly string[]): UserError {
  const what = rollback === undefined ? "" : ` to ${describeTarget(rollback.target)}`;
  const [first = "no app was ever released there"] = reasons;
  return new UserError("rollback/nothing", `Nothing goes back${what} in ${environments.join(", ")}: ${first}.`, {
    seen: environments.join(", "),
    fix: `'glu history <app> ${environments[0] ?? "<environment>"}' shows what was released there.`,
  });
}

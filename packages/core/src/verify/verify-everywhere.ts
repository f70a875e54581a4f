import { GluError } from "../errors.ts";
import type { Undecided } from "../model/decision.ts";
import type { EnvName, RequestId } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { Candidate } from "../promote/candidates.ts";
import type { Group, PromoteResult } from "../promote/groups.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import { versionLabel } from "../promote/release.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import type { Place } from "../state/tips.ts";
import { undoFailed } from "./undo-failed.ts";
import type { Watch } from "./verdict.ts";
import { type Verified, verifyReleases } from "./verify-releases.ts";

export interface VerifyEverywhere {
  candidates: readonly Candidate[];
  pipeline: Pipeline;
  request: Pick<PromoteRequest, "author" | "actor">;
  /** The request under which what was seen in an environment is written down. */
  requestOf(environment: EnvName): RequestId;
  ports: PromotePorts;
  memory: RunMemory;
  /** See `VerifyReleases.unrecorded`. */
  unrecorded?: boolean | undefined;
  /** Who looks again and again; undefined: this is one look of its own. */
  watch?: Watch | undefined;
  /** Of the config repository, when it was opened already. */
  first?: Snapshot | undefined;
}

/** What was looked at of releases that wait for their verification, and what followed. */
export interface VerifiedEverywhere {
  verified: Verified[];
  /** Rollbacks of what failed. */
  groups: Group[];
  undecided: Undecided[];
  notices: string[];
  commits: PromoteResult["commits"];
}

/**
 * Looks at all that waits for its verification, repository by repository, and rolls back what failed where the config
 * wants that. What fails in one repository is said, and stops no other.
 */
export async function verifyEverywhere(options: VerifyEverywhere): Promise<VerifiedEverywhere> {
  const { candidates, pipeline, request, requestOf, ports, memory, watch, unrecorded } = options;
  const all: VerifiedEverywhere = { verified: [], groups: [], undecided: [], notices: [], commits: [] };
  const places = new Map<ConfigRepository, Place[]>();
  for (const { app, environment } of candidates) {
    if (environment.verify === undefined) continue;
    const target = ports.repositoryOf(environment);
    places.set(target, [...(places.get(target) ?? []), { app: app.name, environment: environment.name }]);
  }
  for (const [target, there] of places) {
    const [some] = there;
    if (some === undefined) continue;
    const first = target === ports.repository ? options.first : undefined;
    const asked = { ...request, request: requestOf(some.environment), plan: false };
    const at = { target, places: there, pipeline, request: asked, ports, memory, watch, unrecorded };
    try {
      const { verified, commit, unwritten } = await verifyReleases({ ...at, first });
      all.verified.push(...verified);
      all.undecided.push(...unwritten);
      const { location, branch } = target;
      if (commit !== undefined) all.commits.unshift({ location, branch, commit });
      const undone = await undoFailed(at);
      all.groups.unshift(...undone.groups.toReversed());
      all.undecided.push(...undone.undecided);
      all.notices.push(...undone.notices);
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      all.undecided.push(...there.map((place) => ({ ...place, error })));
    }
  }
  const now = ports.clock.now();
  all.notices.push(...all.verified.flatMap((one) => (isOverdue(one, now) ? [overdue(one)] : [])));
  return all;
}

/** Whether nobody can say what became of it, though its time is over. */
const isOverdue = ({ until, release }: Verified, now: number): boolean =>
  (until === undefined || Date.parse(until) <= now) && release.state !== "healthy" && release.state !== "failed";

const overdue = ({ app, environment, release, seen }: Verified): string =>
  `${app} ${versionLabel(release.artifact)} in ${environment} could not be verified in its time: ${seen}`;

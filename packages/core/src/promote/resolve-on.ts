import type { Artifact } from "../model/artifact.ts";
import type { AppName } from "../model/names.ts";
import { before, releases } from "../model/record.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { PastReleases } from "../rollback/past-releases.ts";
import { type ResolveRollbacksOptions, resolveRollbacks } from "../rollback/resolve-rollbacks.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Tips } from "../state/tips.ts";
import type { Candidate } from "./candidates.ts";
import { type Resolved, type ResolvedIntent, resolveIntents } from "./intents.ts";
import type { PromoteRequest } from "./options.ts";
import type { RunMemory } from "./run-memory.ts";

export interface ResolveOnOptions {
  request: PromoteRequest;
  memory: RunMemory;
  tips: Tips;
  /** See `AttemptOptions.standing`. */
  standing?: ReadonlyMap<AppName, Artifact> | undefined;
  exactly: Omit<ResolveRollbacksOptions["exactly"], "releasesIn">;
}

/** What a request comes down to on one tip: what is to go there, or what is gone back to. */
export async function resolveOn(
  tip: Snapshot,
  candidates: readonly Candidate[],
  { request, memory, tips, standing, exactly }: ResolveOnOptions,
): Promise<Resolved> {
  const { ancestry, reader } = memory;
  const madeBefore = async (...[app, environment]: Parameters<Tips["recordIfReadable"]>) => {
    const record = await tips.recordIfReadable(app, environment);
    return record && releases(record).find((one) => one.request === request.request);
  };
  const { rollback } = request;
  if (rollback !== undefined) {
    return resolveRollbacks(candidates, {
      request: { ...request, rollback },
      targets: memory.rollbacks,
      past: new PastReleases(tip),
      reader,
      exactly: {
        ...exactly,
        releasesIn: async (places) => {
          await tips.load(places);
          return places.flatMap((place) => {
            const release = ifReadable(() => tips.state().current(place.app, place.environment));
            return release ? [{ ...place, release }] : [];
          });
        },
      },
      carriedOut: madeBefore,
      record: async (app, environment) => {
        await tips.load([{ app, environment }]);
        return before(tips.state().record(app, environment), request.request);
      },
    });
  }
  if (standing !== undefined) return { ...nothingResolved, intents: standingIntents(candidates, standing, request) };
  return resolveIntents(candidates, {
    request,
    selector: parseArtifactSelector(request.artifact),
    reader,
    ancestry,
    upstreams: async (app, environment) => {
      const records = await tips.records(app.name, environment.from?.environments ?? []);
      return records.map((record) => before(record, request.request));
    },
    current: async (app, environment) => {
      const record = await tips.recordIfReadable(app.name, environment.name);
      return record === undefined ? undefined : before(record, request.request).current?.artifact;
    },
    carriedOut: async (app, environment) => (await madeBefore(app.name, environment))?.artifact,
  });
}

const nothingResolved: Omit<Resolved, "intents"> = { passedOver: [], undecided: [], notices: [] };

/** What was decided before, as if somebody asked for it by name. */
function standingIntents(
  candidates: readonly Candidate[],
  standing: ReadonlyMap<AppName, Artifact>,
  { request }: PromoteRequest,
): ResolvedIntent[] {
  return candidates.flatMap((candidate): ResolvedIntent[] => {
    const { app, environment } = candidate;
    const artifact = standing.get(app.name);
    if (artifact === undefined) return [];
    const place = { app: app.name, environment: environment.name };
    return [{ ...place, artifact, explicit: true, request, candidate, alternatives: [] }];
  });
}

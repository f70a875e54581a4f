import { GluError } from "../errors.ts";
import type { Undecided } from "../model/decision.ts";
import type { EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import { requestToUndo } from "../model/request.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { candidatesOf } from "../promote/candidates.ts";
import type { Group } from "../promote/groups.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import { versionLabel } from "../promote/release.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { promoteBy, waysOf } from "../promote/ways.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { State } from "../state/state.ts";
import { type Place, Tips } from "../state/tips.ts";

export interface UndoFailed {
  target: ConfigRepository;
  /** Places that are looked at; only those of the target. */
  places: readonly Place[];
  pipeline: Pipeline;
  request: Pick<PromoteRequest, "author" | "actor" | "plan">;
  ports: PromotePorts;
  memory: RunMemory;
}

/** What became of releases that failed. */
export interface Undone {
  groups: Group[];
  undecided: Undecided[];
  notices: string[];
}

/** Releases of one request that failed in one environment. */
interface Failed {
  environment: EnvName;
  request: string;
  apps: { app: string; release: Release }[];
}

/**
 * Rolls back what runs and failed, where the config wants that: to the last that was healthy, which is pinned. A rollback
 * that failed is not rolled back: two releases would take turns for ever. One failure is undone once, however many runs
 * find it.
 */
export async function undoFailed(options: UndoFailed): Promise<Undone> {
  const { target, pipeline, ports, memory } = options;
  const undone: Undone = { groups: [], undecided: [], notices: [] };
  for (const failed of await failedAt(options)) {
    const asked = rollbackOf(failed, options.request);
    const candidates = candidatesOf(pipeline, asked);
    const [way = { kind: "commit" }] = waysOf(candidates);
    const run = { request: asked, ports, memory: { ...memory, rollbacks: new Map() }, first: undefined };
    try {
      const group: Group = { ...(await promoteBy(way, target, run)), target };
      undone.groups.push(group);
      for (const { error, ...place } of group.undecided) {
        if (error.code === "rollback/nothing") undone.notices.push(nothingHealthy(place, failed));
        else undone.undecided.push({ ...place, error });
      }
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      undone.undecided.push(
        ...candidates.map(({ app, environment }) => ({ app: app.name, environment: environment.name, error })),
      );
    }
  }
  return undone;
}

function nothingHealthy({ app, environment }: Place, { apps }: Failed): string {
  const release = apps.find((one) => one.app === app)?.release;
  const version = release === undefined ? "" : ` ${versionLabel(release.artifact)}`;
  return `${app}${version} failed in ${environment}, and no release before it was seen to be healthy: glu rollback --app ${app} --environment ${environment} --to <version>, or a newer artifact, is for people to choose.`;
}

async function failedAt({ target, places, pipeline, ports, memory }: UndoFailed): Promise<Failed[]> {
  const wanted = places.filter(({ environment }) => {
    return pipeline.environments.get(environment)?.verify?.onFailure === "rollback";
  });
  if (wanted.length === 0) return [];
  const { repository: config, repositoryOf } = ports;
  const tip = await target.open();
  const configTip = target === config ? tip : await config.open();
  const tips = new Tips({
    ...{ target, tip, config, configTip, pipeline, repositoryOf },
    merging: { merges: memory.merges, ports },
  });
  await tips.load(wanted);
  return groupsOf(wanted, tips.state(), pipeline);
}

function groupsOf(places: readonly Place[], state: State, { environments }: Pipeline): Failed[] {
  const groups = new Map<string, Failed>();
  const current = places.flatMap((place) => {
    const release = ifReadable(() => state.current(place.app, place.environment));
    return release && release.kind !== "rollback" ? [{ ...place, release }] : [];
  });
  const isFailed = ({ release }: { release: Release }) => release.state === "failed";
  for (const { app, environment, release } of current) {
    // What moved together goes back together.
    const isDragged =
      environments.get(environment)?.set === true &&
      current.some(
        (one) => one.environment === environment && one.release.request === release.request && isFailed(one),
      );
    if (!isFailed({ release }) && !isDragged) continue;
    const key = `${environment}\0${release.request}`;
    const group = groups.get(key) ?? { environment, request: release.request, apps: [] };
    group.apps.push({ app, release });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function rollbackOf(
  { environment, request, apps }: Failed,
  { author, actor, plan }: UndoFailed["request"],
): PromoteRequest {
  const failed = apps.filter(({ release }) => release.state === "failed");
  const [first] = failed;
  const seen = first?.release.verification?.seen ?? "it failed";
  const what = first === undefined ? "a release" : `${versionLabel(first.release.artifact)}`;
  const reason =
    apps.length === 1
      ? `${what} failed: ${seen}`
      : `${failed.length === 1 ? `${first?.app} ${what}` : `${failed.length} releases`} failed: ${seen}`;
  return {
    apps: apps.map(({ app }) => app),
    environments: [environment],
    artifact: "latest",
    reason,
    plan,
    overwrite: false,
    set: false,
    commitMessage: undefined,
    author,
    request: requestToUndo(request),
    // The record has it, unless it was lost: then the history.
    again: true,
    actor,
    rollback: {
      target: { kind: "healthy" },
      pin: { until: undefined },
      exact: false,
      directly: false,
      afterFailure: true,
    },
  };
}

import { compareArtifacts, type Order } from "../artifact/order.ts";
import { changesBetween, type SourceChange } from "../commits/source-change.ts";
import type { FileChange } from "../model/decision.ts";
import { type AppName, appName, namePattern, type RepoPath } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Release } from "../model/record.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { startMemory } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import { fileChanges } from "./file-changes.ts";
import type { Revision } from "./revision.ts";
import { releasesAt, type Side, sideAt } from "./side.ts";
import { differingValues, type ValueDifference } from "./values.ts";

export interface CompareRequest {
  left: Revision;
  right: Revision;
  /** Names; empty: all. */
  apps: readonly string[];
  /** Also the bytes of the files that were written. */
  patch: boolean;
}

/** One app that runs in at least one of the two. */
export interface AppComparison {
  app: AppName;
  left: Release | undefined;
  right: Release | undefined;
  /** How the artifact of the left stands to that of the right; undefined where it runs in one of them only. */
  order: Order | undefined;
  /** What lies between their commits, where that can be read. */
  source: SourceChange | undefined;
  values: ValueDifference[];
  files: FileChange[];
}

export interface Comparison {
  pipeline: Pipeline;
  left: Omit<Side, "snapshot">;
  right: Omit<Side, "snapshot">;
  apps: AppComparison[];
  notices: string[];
}

/**
 * What runs in two environments, or in one then and now, app by app. It reads, and writes nothing.
 * @throws UserError `config/unknown-app`, `config/unknown-environment`, `diff/not-in-history`
 */
export async function compareEnvironments(request: CompareRequest, ports: PromotePorts): Promise<Comparison> {
  const { repository, repositoryOf } = ports;
  const tip = await repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const targetOf = ({ environment: name }: Revision): ConfigRepository => {
    const environment = pipeline.environments.get(name);
    return environment === undefined ? repository : repositoryOf(environment);
  };
  const [leftAt, rightAt] = [targetOf(request.left), targetOf(request.right)];
  const [left, right] = [await sideAt(request.left, leftAt), await sideAt(request.right, rightAt)];
  const apps = request.apps.length > 0 ? request.apps.map(appName) : await appsOf(pipeline, [left, right]);
  const notices = new Set<string>();
  const tell = (message: string) => notices.add(message);
  const [ran, runs] = [await releasesAt(left, apps, tell), await releasesAt(right, apps, tell)];
  assertKnown({ request, pipeline, ran, runs });
  const { memory, damaged } = startMemory(ports);
  const compared: AppComparison[] = [];
  for (const app of [...new Set(apps)].sort()) {
    const [one, other] = [ran.get(app), runs.get(app)];
    if (one === undefined && other === undefined) continue;
    const only = { app, left: one, right: other, order: undefined, source: undefined, values: [], files: [] };
    if (one === undefined || other === undefined) compared.push(only);
    else {
      await memory.ancestry.load(one.artifact, other.artifact);
      const order = compareArtifacts(one.artifact, other.artifact, memory.ancestry.ask);
      const sides = [
        { release: one, environment: request.left.environment },
        { release: other, environment: request.right.environment },
      ] as const;
      compared.push({ ...only, order, values: differingValues(...sides) });
    }
  }
  if (request.patch) await addFiles(compared, left, right);
  const pairs = compared.flatMap(({ app, left: one, right: other, order }) => {
    if (one === undefined || other === undefined || order?.kind === "same") return [];
    const [from, to] = order?.kind === "newer" ? [other, one] : [one, other];
    return [{ app, from: from.artifact, to: to.artifact }];
  });
  const { reader, ancestry } = memory;
  const sources = await changesBetween(pairs, {
    reader,
    ancestry,
    source: ports.source,
    apps: pipeline.apps,
    ask: true,
  });
  for (const one of compared) one.source = sources.find(({ app }) => app === one.app);
  return { pipeline, left: told(left), right: told(right), apps: compared, notices: [...notices, ...damaged] };
}

const told = ({ revision, commit, committedAt }: Side) => ({ revision, commit, committedAt });

/** Those of the config, and those that have records at a side. */
async function appsOf(pipeline: Pipeline, sides: readonly { snapshot: Snapshot }[]): Promise<AppName[]> {
  const names = new Set<AppName>(pipeline.apps.keys());
  for (const { snapshot } of sides) {
    for (const { name, kind } of (await snapshot.list(".glu" as RepoPath)) ?? []) {
      if (kind === "folder" && namePattern.test(name)) names.add(name as AppName);
    }
  }
  return [...names];
}

interface Known {
  request: CompareRequest;
  pipeline: Pipeline;
  ran: ReadonlyMap<AppName, Release>;
  runs: ReadonlyMap<AppName, Release>;
}

/** What is neither declared nor ran is a slip of the pen. */
function assertKnown({ request, pipeline, ran, runs }: Known): void {
  for (const app of request.apps.map(appName)) {
    if (!pipeline.apps.has(app) && !ran.has(app) && !runs.has(app)) {
      throw unknownName("app", app, pipeline.apps.keys(), pipeline.file);
    }
  }
  for (const [{ environment }, releases] of [
    [request.left, ran],
    [request.right, runs],
  ] as const) {
    if (!pipeline.environments.has(environment) && releases.size === 0) {
      throw unknownName("environment", environment, pipeline.environments.keys(), pipeline.file);
    }
  }
}

async function addFiles(compared: readonly AppComparison[], left: Side, right: Side): Promise<void> {
  const pathsOf = (which: "left" | "right") => [
    ...new Set(compared.flatMap((one) => one[which]?.writes.map(({ path }) => path as RepoPath) ?? [])),
  ];
  const isOne = left.revision.environment === right.revision.environment;
  // Of one environment a file may have been there before it was written to.
  const both = [...new Set([...pathsOf("left"), ...pathsOf("right")])];
  const [before, after] = [
    await left.snapshot.read(isOne ? both : pathsOf("left")),
    await right.snapshot.read(isOne ? both : pathsOf("right")),
  ];
  for (const one of compared) {
    one.files = fileChanges(one, { before, after, left: left.revision, right: right.revision });
  }
}

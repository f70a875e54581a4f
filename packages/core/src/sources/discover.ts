import { GluError } from "../errors.ts";
import type { Artifact, Item } from "../model/artifact.ts";
import type { AppName, ArtifactId } from "../model/names.ts";
import type { App, Pipeline } from "../model/pipeline.ts";
import { nameOfPart, type Source } from "../model/source.ts";
import { unknownName } from "../model/unknown-name.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { SourcePorts } from "../ports/source-ports.ts";
import { eachOf } from "../promote/each-of.ts";
import { ArtifactReader } from "../select/artifact-reader.ts";
import { type FoundVersion, findVersions, sourceItems, type Waiting } from "./find-version.ts";
import { makeArtifact } from "./make-artifact.ts";
import { type Moved, movedSince, sameItems } from "./recognise.ts";

export interface DiscoverRequest {
  /** Only these; empty: every app that has sources. */
  apps: readonly AppName[];
  /** Look and say what is new; store nothing. */
  dryRun: boolean;
}

export interface DiscoverPorts {
  pipeline: Pipeline;
  outside: SourcePorts;
  /** Where artifacts of the apps are kept. */
  store: ArtifactStore;
  /** Artifacts that pruning must leave; asked only when one is stored. Undefined when that is not known. */
  keep(app: App): Promise<readonly ArtifactId[] | undefined>;
  clock: Clock;
  /** Is told of stored artifacts that are damaged, and left out. */
  logger: Logger;
}

/**
 * What came of one source. `stored`: a new artifact; `planned`: it would be one. `unchanged`: the newest version is one
 * already. `none`: no version counts, or none is there as a whole. `incomplete`: the images of a moving tag do not belong together yet. `moved`: a
 * version is another one than it was, and is not followed. `failed`: it could not be looked at; the others were.
 */
export type Discovery = { app: AppName; source: string; waiting?: readonly Waiting[] } & (
  | { result: "stored" | "planned" | "unchanged"; version: string; artifact: Artifact }
  | { result: "none"; why: string }
  | { result: "incomplete"; version: string; why: string }
  | { result: "moved"; version: string; moved: Moved }
  | { result: "failed"; error: GluError }
);

/** Apps that are looked at at the same time. */
const atOnce = 16;

/**
 * Looks at the sources of apps and stores as artifacts what is new. One that cannot be looked at stops no other. What is
 * an artifact already costs what it takes to know it again, and writes nothing.
 * @returns one answer for each source and version, in the order of the config
 * @throws UserError `config/unknown-app`
 */
export async function discover({ apps: asked, dryRun }: DiscoverRequest, ports: DiscoverPorts): Promise<Discovery[]> {
  const { pipeline, store, logger } = ports;
  const named = asked.map(
    (name) => pipeline.apps.get(name) ?? refuseUnknown(name, pipeline.apps.keys(), pipeline.file),
  );
  const chosen = asked.length > 0 ? [...new Set(named)] : [...pipeline.apps.values()];
  const apps = chosen.filter(({ sources = [] }) => sources.length > 0);
  if (apps.length === 0) return [];
  const nothing = async () => "";
  const reader = new ArtifactReader(
    () => [store],
    nothing,
    (text) => logger.warning(text),
  );
  const known = new KnownArtifacts(reader);
  await reader.expect(apps);
  const found = new Map<App, Discovery[]>();
  await eachOf(apps, atOnce, async (app) => {
    const discoveries: Discovery[] = [];
    // One after the other: they write into the same place.
    for (const source of app.sources ?? []) discoveries.push(...(await look(app, source, known, { dryRun, ...ports })));
    found.set(app, discoveries);
  });
  return apps.flatMap((app) => found.get(app) ?? []);
}

function refuseUnknown(name: AppName, known: Iterable<string>, file: string): never {
  throw unknownName("app", name, known, file);
}

/** The artifacts that are stored, read of one app after the other, which is how a store reads many of them together. */
class KnownArtifacts {
  readonly #reader: ArtifactReader;
  readonly #read = new Map<App, Promise<Artifact[]>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(reader: ArtifactReader) {
    this.#reader = reader;
  }

  of(app: App): Promise<Artifact[]> {
    const known = this.#read.get(app) ?? this.#next(app);
    this.#read.set(app, known);
    return known;
  }

  #next(app: App): Promise<Artifact[]> {
    const read = this.#last.then(async () => (await this.#reader.allStored(app)).map(({ artifact }) => artifact));
    this.#last = read.catch(() => undefined); // Whoever asked gets the error; the next app may be read.
    return read;
  }
}

type LookPorts = DiscoverPorts & { dryRun: boolean };

async function look(app: App, source: Source, known: KnownArtifacts, ports: LookPorts): Promise<Discovery[]> {
  const about = { app: app.name, source: source.parts.map(nameOfPart).join(" + ") };
  try {
    const [first, ...others] = source.parts;
    const [newest, ...along] = await Promise.all([
      findVersions(first, source.limit, ports.outside),
      ...others.map((part) => findVersions(part, 1, ports.outside)),
    ]);
    const parts = [newest, ...along];
    const waits = parts.flatMap(({ waiting }) => waiting);
    const told = waits.length === 0 ? {} : { waiting: waits };
    const without = parts.findIndex(({ versions }) => versions.length === 0);
    if (without >= 0) {
      const why = `${source.parts.length > 1 ? `${nameOfPart(source.parts[without] ?? first)}: ` : ""}${parts[without]?.why}`;
      return [{ ...about, ...told, result: "none", why }];
    }
    const rest = along.flatMap(({ versions: [one] }) => one ?? []);
    const found: Discovery[] = [];
    // The oldest first: what is stored last is the newest.
    for (const version of newest.versions.toReversed()) {
      found.unshift({ ...about, ...(await settle(app, [version, ...rest], known, ports)) });
    }
    const [head, ...older] = found;
    return head === undefined ? [] : [{ ...head, ...told }, ...older];
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return [{ ...about, result: "failed", error }];
  }
}

type Settled = Discovery extends infer One
  ? One extends Discovery
    ? Omit<One, "app" | "source" | "waiting">
    : never
  : never;

async function settle(
  app: App,
  versions: readonly [FoundVersion, ...FoundVersion[]],
  known: KnownArtifacts,
  { outside, store, keep, clock, dryRun }: LookPorts,
): Promise<Settled> {
  const version = versions.map(({ listed }) => listed.name).join(" + ");
  const items: Item[] = sourceItems(versions);
  const stored = await known.of(app);
  const same = stored.find((artifact) => sameItems(artifact.items, items));
  if (same !== undefined) return { result: "unchanged", version, artifact: same };
  const moved = movedSince(stored, versions);
  if (moved !== undefined) return { result: "moved", version, moved };
  const artifact = await makeArtifact(app, versions, outside, clock.now());
  if ("apart" in artifact) return { result: "incomplete", version, why: artifact.apart };
  if (dryRun) return { result: "planned", version, artifact };
  const { kind } = await store.put(artifact, await keep(app));
  stored.push(artifact);
  return { result: kind === "stored" ? "stored" : "unchanged", version, artifact };
}

import {
  type App,
  type AppName,
  type Discovery,
  discover,
  type Pipeline,
  type Snapshot,
  UserError,
  whyDiscovered,
} from "@glu/core";
import type { discover as command, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Token } from "../repositories/token.ts";
import { sourcePorts } from "../source-ports.ts";
import type { Surroundings } from "../surroundings.ts";
import { storeFor } from "./artifact-stores.ts";
import { namedByRecords } from "./named-by-records.ts";

export interface DiscoverOptions {
  connection: ConfigConnection;
  repositories: Repositories;
  token: Token;
  /** The tip and its pipeline, where they are known already. */
  at?: { tip: Snapshot; pipeline: Pipeline };
}

export interface DiscoverInputs {
  app: readonly AppName[];
  dryRun: boolean;
  artifactRepository: string | undefined;
  cache: string | undefined;
}

/** Looks at the sources of the config's apps, and stores what is new. What reconciling does first. */
export async function discoverSources(
  inputs: DiscoverInputs,
  { connection, repositories, token, at }: DiscoverOptions,
  surroundings: Surroundings,
): Promise<Discovery[]> {
  const tip = at?.tip ?? (await connection.repository.open());
  const pipeline = at?.pipeline ?? (await connection.loadPipeline(tip));
  const without = inputs.app.find((name) => pipeline.apps.get(name)?.sources === undefined && pipeline.apps.has(name));
  if (without !== undefined) throw noSources(without, pipeline.file);
  const configLocation = connection.repository.location;
  const { logger, clock } = surroundings;
  const keep = (app: App) =>
    pipeline.artifacts.kind === "file"
      ? Promise.resolve(undefined)
      : namedByRecords(app, { pipeline, connection, tip, logger });
  return discover(
    { apps: inputs.app, dryRun: inputs.dryRun },
    {
      pipeline,
      outside: sourcePorts({ repositories, token, configLocation, cache: inputs.cache }, surroundings),
      store: await storeFor(inputs.artifactRepository, connection, pipeline, repositories),
      keep,
      clock,
      logger,
    },
  );
}

function noSources(app: AppName, file: string): UserError {
  return new UserError("source/none", `The app ${app} follows nothing: it has no "sources" in ${file}.`, {
    seen: app,
    fix: `Say under apps.${app}.sources where new versions come from, or leave it out.`,
  });
}

/** `glu discover`: inputs → use case → what there is to say. */
export async function discoverThere(
  inputs: InputsOf<typeof command>,
  options: DiscoverOptions,
  surroundings: Surroundings,
): Promise<Outcome> {
  const found = await discoverSources(inputs, options, surroundings);
  const failed = found.flatMap((one) => (one.result === "failed" ? [one.error] : []));
  const stored = found.filter(({ result }) => result === "stored" || result === "planned");
  const verb = inputs.dryRun ? "would be stored" : "stored";
  const looked = found.length - failed.length;
  const said =
    stored.length > 0
      ? [`${count(stored.length, "new artifact")} ${verb}`]
      : looked > 0
        ? [`Nothing new in ${count(looked, "source")}`]
        : [];
  const failing = failed.length === 0 ? [] : [`${count(failed.length, "source")} could not be looked at`];
  const headline =
    found.length === 0 ? "No app follows anything: there are no sources" : [...said, ...failing].join("; ");
  const outcome = page(
    {
      tone: failed.length > 0 ? "error" : stored.length > 0 ? "ok" : "note",
      schema: "glu.discovery.v1",
      result: failed.length > 0 ? "failed" : stored.length > 0 ? (inputs.dryRun ? "planned" : "stored") : "unchanged",
      headline,
      columns: ["App", "Source", "Result", "Version", "Artifact", "Why"],
      rows: found.map(rowOf),
      data: { sources: found.map(toData) },
    },
    // Whoever has to act first: the config (2) before a server (4).
    failed.length === 0 ? 0 : Math.min(...failed.map(({ exitCode }) => exitCode)),
  );
  return { ...outcome, notices: found.flatMap(noticeOf) };
}

function rowOf(one: Discovery): string[] {
  const version = "version" in one ? one.version : "";
  const artifact = "artifact" in one ? one.artifact.id : "";
  const why = whyDiscovered(one) ?? "";
  return [
    one.app,
    one.source,
    one.result,
    version,
    artifact,
    one.result === "failed" ? `${why} (${one.error.code})` : why,
  ];
}

function noticeOf(one: Discovery): string[] {
  if (one.result !== "moved" && one.result !== "incomplete") return [];
  const has = one.result === "moved" ? "has moved and is not followed" : "is not followed yet";
  return [`${one.source} ${one.version} ${has}: ${whyDiscovered(one)}.`];
}

function toData(one: Discovery) {
  const { app, source, result } = one;
  const why = whyDiscovered(one);
  const version = { ...("version" in one ? { version: one.version } : {}), ...(why === undefined ? {} : { why }) };
  if (one.result === "failed") {
    const { code, message, fix } = one.error;
    return { app, source, result, error: { code, message, fix } };
  }
  if (one.result === "moved") {
    const { name, was, is, artifact } = one.moved;
    return { app, source, result, ...version, moved: { name, was, is, artifact: artifact.id } };
  }
  return { app, source, result, ...version, ...("artifact" in one ? { artifact: one.artifact.id } : {}) };
}

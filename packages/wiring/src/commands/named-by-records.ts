import {
  type App,
  type ArtifactId,
  type ConfigRepository,
  documentPaths,
  type EnvName,
  GluError,
  type Logger,
  type Pipeline,
  pinPath,
  readPin,
  readRecord,
  recordPath,
  releases,
  type Snapshot,
} from "@glu/core";
import type { ConfigConnection } from "../repositories/connect.ts";

/**
 * The artifacts of an app that its records and pins name, in whatever repository and branch its environments live.
 * Undefined, with a notice, when one of these cannot be read: then nobody knows what is still needed.
 * @param at the pipeline, where it was read, and that tip
 */
export async function namedByRecords(
  app: App,
  at: {
    pipeline: Pipeline;
    connection: Pick<ConfigConnection, "repository" | "repositoryOf">;
    tip: Snapshot;
    logger: Logger;
  },
): Promise<ArtifactId[] | undefined> {
  const { connection, logger } = at;
  const places = new Map<ConfigRepository, EnvName[]>();
  for (const name of app.environments) {
    const environment = at.pipeline.environments.get(name);
    const place = environment === undefined ? connection.repository : connection.repositoryOf(environment);
    places.set(place, [...(places.get(place) ?? []), name]);
  }
  const named: ArtifactId[] = [];
  for (const [place, environments] of places) {
    try {
      const tip = place === connection.repository ? at.tip : await place.open();
      named.push(...(await namedAt(tip, app, environments)));
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      logger.notice(
        `No artifact is pruned that records could name: those in ${place.location} cannot be read. ${error.message}`,
      );
      return undefined;
    }
  }
  return named;
}

async function namedAt(tip: Snapshot, { name }: App, environments: readonly EnvName[]): Promise<ArtifactId[]> {
  const documents = environments.flatMap((one) => [recordPath(name, one), pinPath(name, one)]);
  const files = await tip.read(documentPaths(documents));
  return environments.flatMap((environment) => {
    const pin = readPin(files, name, environment);
    const released = releases(readRecord(files, name, environment)).map(({ artifact }) => artifact.id);
    return [...released, ...(pin === undefined ? [] : [pin.artifact])] as ArtifactId[];
  });
}

import {
  type ArtifactId,
  type ArtifactStore,
  defaultArtifactRefs,
  type Logger,
  UserError,
  unknownName,
} from "@glu/core";
import { locateRepository } from "../repositories/locate.ts";
import { storeFor } from "./artifact-stores.ts";
import type { BuildInputs, BuildOptions } from "./building.ts";
import { namedByRecords } from "./named-by-records.ts";

interface Place {
  store: ArtifactStore;
  /** Artifacts that records name: pruning leaves them. Undefined when that is not known. */
  keep: readonly ArtifactId[] | undefined;
}

/**
 * Where the artifact goes: `artifact-repository`, else `config-repository`, else the current one. When the config
 * repository is given its config is read, so that an unknown app or image is found here and not when it is promoted.
 */
export async function placeOf(
  inputs: BuildInputs,
  { images, connection, repositories }: BuildOptions,
  logger: Logger,
): Promise<Place> {
  const locate = (value: string | undefined) => locateRepository(value, repositories.locator);
  if (connection === undefined) {
    return {
      store: repositories.gitStore(await locate(inputs.artifactRepository), defaultArtifactRefs),
      keep: undefined,
    };
  }
  const tip = await connection.repository.open();
  const pipeline = await connection.loadPipeline(tip);
  const app = pipeline.apps.get(inputs.app);
  if (app === undefined) throw unknownName("app", inputs.app, pipeline.apps.keys(), pipeline.file);
  for (const { key, name } of images) {
    if (app.images[key] === name) continue;
    throw new UserError(
      "images/undeclared",
      `The image ${key}=${name} is not declared for ${app.name} in ${pipeline.file}.`,
      {
        seen: name,
        fix: `Declare it under apps.${app.name}.images, or give one of ${
          Object.entries(app.images)
            .map((image) => image.join("="))
            .join(", ") || "none"
        }.`,
      },
    );
  }
  const keep =
    pipeline.artifacts.kind === "file" ? undefined : await namedByRecords(app, { pipeline, connection, tip, logger });
  return { store: await storeFor(inputs.artifactRepository, connection, pipeline, repositories), keep };
}

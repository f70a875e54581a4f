import { type AppName, type ArtifactStore, type RefName, type StoredArtifact, unknownName } from "@glu/core";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { locateRepository } from "../repositories/locate.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** Where artifacts of an app are read, and the apps that are declared; none are when no config is looked at. */
export interface Stores {
  of(app: AppName): readonly ArtifactStore[];
  apps: readonly AppName[];
}

export async function findStores(
  inputs: { artifactRepository: string | undefined; configRepository: string | undefined; ref: RefName | undefined },
  repositories: Repositories,
): Promise<Stores> {
  if (inputs.artifactRepository !== undefined) {
    const location = await locateRepository(inputs.artifactRepository, repositories.locator);
    return { of: () => [repositories.gitStore(location, "refs/glu/artifacts")], apps: [] };
  }
  const connection = await connectConfig({ ...inputs, config: undefined }, repositories);
  const pipeline = await connection.loadPipeline(await connection.repository.open());
  return {
    of: (name) => {
      const app = pipeline.apps.get(name);
      if (app === undefined) throw unknownName("app", name, pipeline.apps.keys(), pipeline.file);
      return connection.storesOf(app);
    },
    apps: [...pipeline.apps.keys()],
  };
}

export function repositoriesOf(surroundings: Surroundings): Repositories {
  const { env, context } = surroundings;
  return new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
}

/** What people and programs see: items that were added later are among the others, the digest is beside. */
export function withItems(stored: StoredArtifact) {
  return { ...stored.artifact, digest: stored.digest, items: [...stored.artifact.items, ...stored.addedItems] };
}

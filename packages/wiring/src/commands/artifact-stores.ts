import {
  type AppName,
  ArtifactReader,
  type ArtifactStore,
  defaultArtifactRefs,
  type Pipeline,
  type StoredArtifact,
  UserError,
  unknownName,
} from "@glu/core";
import { type ConfigConnection, type ConnectionInputs, connectConfig } from "../repositories/connect.ts";
import { locateRepository } from "../repositories/locate.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** What says where artifacts are. */
export interface StoreInputs extends ConnectionInputs {
  artifactRepository: string | undefined;
}

/** Where artifacts of an app are read and written, and the apps that are declared; none are when there is no config. */
export interface Stores {
  /** In the order in which they are read. @throws UserError `config/unknown-app` where apps are declared */
  of(app: AppName): readonly ArtifactStore[];
  /** Where a new artifact goes: {@link storeFor}. @throws UserError as {@link of} */
  for(app: AppName): ArtifactStore;
  apps: readonly AppName[];
}

/**
 * The stores that the inputs name. The config is read when one is named, or when the repository that this runs in has
 * one; an app's repository, where `artifact create` stores without more, has none.
 */
export async function findStores(inputs: StoreInputs, repositories: Repositories): Promise<Stores> {
  const { artifactRepository, configRepository, config } = inputs;
  const only = async (place: string | undefined): Promise<Stores> => {
    const store = repositories.gitStore(await locateRepository(place, repositories.locator), defaultArtifactRefs);
    return { of: () => [store], for: () => store, apps: [] };
  };
  const named = configRepository !== undefined || config !== undefined;
  if (artifactRepository !== undefined && !named) return only(artifactRepository);
  const connection = await connectConfig(inputs, repositories);
  const pipeline = await loadUnlessAbsent(connection, named || inputs.ref !== undefined);
  if (pipeline === undefined) return only(undefined);
  const declared = (name: AppName) =>
    pipeline.apps.get(name) ?? refuseUnknownApp(name, pipeline.apps.keys(), pipeline.file);
  const store = await storeFor(artifactRepository, connection, pipeline, repositories);
  return {
    of: (name) => {
      const stores = connection.storesOf(declared(name));
      return artifactRepository === undefined ? stores : [store];
    },
    for: (name) => {
      declared(name);
      return store;
    },
    apps: [...pipeline.apps.keys()],
  };
}

function refuseUnknownApp(name: AppName, known: Iterable<string>, file: string): never {
  throw unknownName("app", name, known, file);
}

async function loadUnlessAbsent(connection: ConfigConnection, mustBe: boolean): Promise<Pipeline | undefined> {
  try {
    return await connection.loadPipeline(await connection.repository.open());
  } catch (error) {
    if (mustBe || !(error instanceof UserError) || error.code !== "config/not-found") throw error;
    return undefined;
  }
}

/** Where artifacts go when there is a config: the store that it names, in `artifact-repository` or beside the config. */
export async function storeFor(
  artifactRepository: string | undefined,
  connection: ConfigConnection,
  { artifacts }: Pipeline,
  repositories: Repositories,
): Promise<ArtifactStore> {
  if (artifacts.kind === "file") return repositories.fileStore(artifacts.path);
  const location =
    artifactRepository === undefined
      ? connection.repository.location
      : await locateRepository(artifactRepository, repositories.locator);
  return repositories.gitStore(location, artifacts.kind === "git" ? artifacts.ref : defaultArtifactRefs);
}

export function repositoriesOf(surroundings: Surroundings): Repositories {
  const { env, context } = surroundings;
  return new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
}

/** Reads as `promote` does, and says which store could not be looked into. */
export function readerOf(
  stores: Stores,
  { logger }: Surroundings,
  readFile: (path: string) => Promise<string> = async () => "",
): ArtifactReader {
  return new ArtifactReader(
    (app) => stores.of(app.name),
    readFile,
    (text) => logger.warning(text),
    (store, why) => logger.notice(`${store.location} was passed over: ${why.message}`),
  );
}

/** What people and programs see: items that were added later are among the others, the digest is beside. */
export function withItems(stored: StoredArtifact) {
  return { ...stored.artifact, digest: stored.digest, items: [...stored.artifact.items, ...stored.addedItems] };
}

import { setTimeout } from "node:timers/promises";
import {
  type App,
  type AppName,
  type ArtifactStore,
  type ConfigRepository,
  defaultArtifactRefs,
  type Environment,
  type LoadPipeline,
  type Pipeline,
  type ReconcileMemory,
  type RefName,
  repoPath,
  type StoreLocation,
} from "@glu/core";
import type { ConfigPlace } from "./config-place.ts";
import { loadedWhenAsked } from "./load-when-asked.ts";
import { locateBeside, locateRepository } from "./locate.ts";
import type { Repositories } from "./repositories.ts";

/** The inputs that every command shares. */
export interface ConnectionInputs {
  configRepository: string | undefined;
  ref: RefName | undefined;
  config: string | undefined;
}

/** Milliseconds that are waited for a connection before more is loaded. */
const longestConnect = 100;

/** More refs than this are not asked for on the chance that they will be needed. */
const mostExpected = 20;

/** The config repository of a run, its pipeline, and what the pipeline names. */
export interface ConfigConnection {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  /** Reads the config as it was written, without what is made of it. */
  place: ConfigPlace;
  repositoryOf(environment: Environment): ConfigRepository;
  /** Another repository or branch that the config names: `owner/name` lies on the config repository's forge. */
  repositoryAt(place: Pick<Environment, "repository" | "ref">): Promise<ConfigRepository>;
  storesOf(app: App): readonly ArtifactStore[];
  /** For a run that was told its scope. */
  memory?: ReconcileMemory;
}

/**
 * Locates the config repository and asks for its tip. It waits until the question has left and not for the answer: what
 * reads the config and decides is large, and is loaded in the meantime.
 * @param apps those that it will be about, where that is known: their artifacts may lie in the config repository too
 * @param scope of a reconciliation: what it left behind the last time is asked for, and not yet the tip
 */
export async function connectConfig(
  inputs: ConnectionInputs,
  repositories: Repositories,
  apps: readonly AppName[] = [],
  scope?: readonly unknown[],
): Promise<ConfigConnection> {
  const location = await locateRepository(inputs.configRepository, repositories.locator);
  await repositories.expectFiles(inputs.config, apps);
  const repository = await repositories.configRepository(location, inputs.ref);
  if (apps.length <= mostExpected) {
    await repositories.expect(
      location,
      apps.map((app) => `${defaultArtifactRefs}/${app}` as RefName),
    );
  }
  const place: ConfigPlace = {
    file: inputs.config === undefined ? undefined : repoPath(inputs.config),
    evaluator: repositories.evaluator,
    trusted: async (tip) => {
      if (inputs.ref === undefined) return tip;
      // Whoever may push to a branch must not decide what a program of it does.
      const trusted = await (await repositories.configRepository(location, undefined)).open();
      return trusted.branch === tip.branch ? tip : trusted;
    },
  };
  const load = loadedWhenAsked(place);
  const elsewhere = new Map<string, ConfigRepository>();
  const locations = new Map<string, string>();
  let store: StoreLocation = { kind: "git", ref: defaultArtifactRefs };
  const key = ({ repository: where, ref }: Environment) => JSON.stringify([where, ref]);

  const places = new Map<string, Promise<ConfigRepository>>();
  // One place under two names is one repository: one commit, one compare-and-swap.
  const inPlace = (where: string, ref: RefName | undefined): Promise<ConfigRepository> => {
    if (where === location && (ref ?? repository.branch) === repository.branch) return Promise.resolve(repository);
    const place = JSON.stringify([where, ref]);
    const known = places.get(place) ?? repositories.configRepository(where, ref, location);
    places.set(place, known);
    return known;
  };

  // The ports are asked synchronously; what must be looked up for them is looked up when the pipeline is known.
  const { serverUrl } = repositories.locator.context;
  const repositoryAt: ConfigConnection["repositoryAt"] = async ({ repository: name, ref: branch }) => {
    if (name === undefined) return branch === undefined ? repository : inPlace(location, branch);
    const beside = locateBeside(name, location, serverUrl);
    return inPlace(beside ?? (await locateRepository(name, repositories.locator)), branch);
  };
  const prepare = async (pipeline: Pipeline): Promise<void> => {
    store = pipeline.artifacts;
    for (const environment of pipeline.environments.values()) {
      if ((environment.repository === undefined && environment.ref === undefined) || elsewhere.has(key(environment)))
        continue;
      elsewhere.set(key(environment), await repositoryAt(environment));
    }
    for (const { repository: name } of pipeline.apps.values()) {
      if (name === undefined || locations.has(name)) continue;
      const where = locateBeside(name, location, serverUrl);
      if (where !== undefined) locations.set(name, where);
    }
  };
  // Loading keeps the process busy. What has left by then is on its way meanwhile; a server that is far away is given up
  // on, since there is time to load before it takes the question.
  const timeout = setTimeout(longestConnect, undefined, { ref: false });
  const memory = scope === undefined ? undefined : await repositories.reconcileMemory(location, inputs.ref, scope);
  const asking = memory === undefined ? repository.openAhead() : memory.recall();
  await Promise.race([asking, repositories.asked(location), timeout]).catch(() => undefined);
  return {
    repository,
    place,
    ...(memory === undefined ? {} : { memory }),
    loadPipeline: async (tip) => {
      const pipeline = await load(tip);
      await prepare(pipeline);
      return pipeline;
    },
    repositoryAt,
    repositoryOf: (environment) => elsewhere.get(key(environment)) ?? repository,
    storesOf: (app) => {
      if (store.kind === "file") return [repositories.fileStore(store.path)];
      if (store.kind === "oci") return [];
      const { ref } = store;
      const own = app.repository === undefined ? undefined : locations.get(app.repository);
      const places = own === undefined || own === location ? [location] : [own, location];
      return places.map((place) => repositories.gitStore(place, ref, location));
    },
  };
}

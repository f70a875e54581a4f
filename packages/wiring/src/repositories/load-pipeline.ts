import { type ConfigSource, discoveryFolders, parseConfig } from "@glu/config";
import { configurableGates, type LoadPipeline, type Pipeline, programGates, repoPath, type Snapshot } from "@glu/core";
import { editors } from "@glu/editors";
import type { ConfigPlace } from "./config-place.ts";
import { configReader } from "./read-config.ts";

/** The config as it was written, and what it means. */
export interface LoadedConfig {
  source: ConfigSource;
  pipeline: Pipeline;
}

/**
 * Reads the config at a tip. A file that has not changed since the last attempt is not parsed again.
 * @throws UserError those of `configReader` and of `parseConfig`
 */
export function configLoader(place: ConfigPlace): (tip: Snapshot) => Promise<LoadedConfig> {
  const read = configReader(place);
  let last: { key: string; pipeline: Pipeline } | undefined;
  return async (tip) => {
    const { file, source, key: state } = await read(tip);
    const isText = source.text !== undefined;
    const folders = await listFolders(tip, discoveryFolders(isText ? source.text : source));
    const key = JSON.stringify([file, state, [...folders]]);
    if (last?.key !== key) {
      const gates = isText ? configurableGates : programGates;
      last = { key, pipeline: parseConfig({ file, ...source, editors, gates, folders }) };
    }
    return { source, pipeline: last.pipeline };
  };
}

/** {@link configLoader}, for those who need the pipeline alone. */
export function pipelineLoader(place: ConfigPlace): LoadPipeline {
  const load = configLoader(place);
  return async (tip) => (await load(tip)).pipeline;
}

/** What lies in the folders that are there; of the others the config's parser says that they are not. */
async function listFolders(tip: Snapshot, folders: readonly string[]): Promise<Map<string, string[]>> {
  const listed = await Promise.all(
    folders.map(async (folder): Promise<[string, string[]][]> => {
      const entries = await tip.list(folder === "" ? "" : repoPath(folder));
      if (entries === undefined) return [];
      return [[folder, entries.filter(({ kind }) => kind === "folder").map(({ name }) => name)]];
    }),
  );
  return new Map(listed.flat());
}

import type { LoadPipeline, RepoPath } from "@glu/core";

/** The config file when none is named. */
export const defaultConfigFile = "glu.yaml" as RepoPath;

/** Reads the config at a tip. What it takes to read one is loaded when there is one to read. */
export function loadedWhenAsked(file: RepoPath): LoadPipeline {
  let load: Promise<LoadPipeline> | undefined;
  return async (tip) => {
    load ??= import("./load-pipeline.ts").then(({ pipelineLoader }) => pipelineLoader(file));
    return (await load)(tip);
  };
}

import type { LoadPipeline } from "@glu/core";
import type { ConfigPlace } from "./config-place.ts";

/** Reads the config at a tip. What it takes to read one is loaded when there is one to read. */
export function loadedWhenAsked(place: ConfigPlace): LoadPipeline {
  let load: Promise<LoadPipeline> | undefined;
  return async (tip) => {
    load ??= import("./load-pipeline.ts").then(({ pipelineLoader }) => pipelineLoader(place));
    return (await load)(tip);
  };
}

import type { Config } from "./generated/config.ts";

/** Gives a pipeline its type, and is the pipeline as it was given. */
export function defineConfig(config: Config): Config {
  return config;
}

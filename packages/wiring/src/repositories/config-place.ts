import type { RepoPath, Snapshot } from "@glu/core";
import type { ProgramEvaluator } from "./program-evaluator.ts";

/** The config file when none is named. */
export const defaultConfigFile = "glu.yaml" as RepoPath;

/** The one that is a program, when none is named and there is no {@link defaultConfigFile}. */
export const programConfigFile = "glu.config.ts" as RepoPath;

export interface ConfigPlace {
  /** The config file as it was named; undefined: one of the two by their names. */
  file: RepoPath | undefined;
  evaluator: ProgramEvaluator;
  /** The tip that a program is read from, when it is not the one that the config is read from. */
  trusted?: (tip: Snapshot) => Promise<Snapshot>;
}

import { type RepoPath, repoPath, type Snapshot, UserError } from "@glu/core";
import { defaultConfigFile, programConfigFile } from "./config-place.ts";
import { type ConfigConnection, type ConnectionInputs, connectConfig } from "./connect.ts";
import { configLoader, type LoadedConfig } from "./load-pipeline.ts";
import type { Repositories } from "./repositories.ts";
import { folderSnapshot } from "./working-copy.ts";

/** Where a config is read, and what reads it. */
export interface OpenedConfig {
  tip: Snapshot;
  load(tip: Snapshot): Promise<LoadedConfig>;
  /** Undefined: it is the working copy's. */
  connection?: ConfigConnection;
}

/**
 * The config of the working copy, committed or not; or that of a config repository's tip, when one is named.
 * @throws UserError `config/not-found` when the working copy has none
 */
export async function openConfig(
  inputs: ConnectionInputs,
  repositories: Repositories,
  cwd: string,
): Promise<OpenedConfig> {
  if (inputs.configRepository !== undefined || inputs.ref !== undefined) {
    const connection = await connectConfig(inputs, repositories);
    const { place, repository } = connection;
    return { tip: await repository.open(), load: configLoader(place), connection };
  }
  const file = inputs.config === undefined ? undefined : repoPath(inputs.config);
  const tip = folderSnapshot(cwd);
  const candidates: readonly [RepoPath, ...RepoPath[]] =
    file === undefined ? [defaultConfigFile, programConfigFile] : [file];
  if ((await tip.read(candidates)).size === 0) {
    throw new UserError("config/not-found", `There is no ${candidates.join(" or ")} in ${cwd}.`, {
      seen: candidates[0],
      at: { file: candidates[0] },
      fix: "Run it in a folder that has one, name another path, or give --config-repository.",
    });
  }
  return { tip, load: configLoader({ file, evaluator: repositories.evaluator }) };
}

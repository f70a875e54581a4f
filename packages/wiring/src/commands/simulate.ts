import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { repoPath, type Snapshot, UserError } from "@glu/core";
import type { simulate as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { defaultConfigFile } from "../repositories/config-file.ts";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Scene } from "./simulation.ts";

/** `glu simulate`: a file of events, played against the pipeline that lies here or in a config repository. */
export async function runSimulate(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const text = await readEvents(inputs.events, surroundings.cwd);
  const { simulateThere } = await import("./simulation.ts");
  if (inputs.configRepository === undefined && inputs.ref === undefined) {
    return await simulateThere({ file: inputs.events, text }, await sceneHere(inputs, surroundings));
  }
  const { env, context } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host));
  const connection = await connectConfig(inputs, repositories);
  const { configFile, loadPipeline, repositoryOf } = connection;
  const base = await connection.repository.open();
  const baseOf: Scene["baseOf"] = (environment) => {
    let opened: Promise<Snapshot> | undefined;
    const open = () => {
      opened ??= repositoryOf(environment).open();
      return opened;
    };
    return { read: async (paths) => (await open()).read(paths), list: async (folder) => (await open()).list(folder) };
  };
  return await simulateThere({ file: inputs.events, text }, { configFile, loadPipeline, base, baseOf });
}

async function sceneHere({ config }: InputsOf<typeof command>, { cwd }: Surroundings): Promise<Scene> {
  const [{ folderSnapshot }, { pipelineLoader }] = await Promise.all([
    import("../repositories/folder-snapshot.ts"),
    import("../repositories/load-pipeline.ts"),
  ]);
  const configFile = config === undefined ? defaultConfigFile : repoPath(config);
  const base = folderSnapshot(cwd);
  if (!(await base.read([configFile])).has(configFile)) {
    throw new UserError("config/not-found", `There is no ${configFile} in ${cwd}.`, {
      seen: configFile,
      at: { file: configFile },
      fix: "Run it in a folder that has one, name another path, or give --config-repository.",
    });
  }
  return { configFile, loadPipeline: pipelineLoader(configFile), base, baseOf: undefined };
}

async function readEvents(path: string, cwd: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(resolve(cwd, path)));
  } catch (cause) {
    const why = cause instanceof TypeError ? "it is not UTF-8" : (cause as Error).message;
    throw new UserError("simulation/events-unreadable", `The events in ${path} cannot be read: ${why}.`, {
      seen: path,
      fix: "Give the path of a file; docs/simulate.md says what is in it.",
      cause,
    });
  }
}

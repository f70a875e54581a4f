import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type LoadPipeline, type Snapshot, UserError } from "@glu/core";
import type { simulate as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { openConfig } from "../repositories/open-config.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Scene } from "./simulation.ts";

/** `glu simulate`: a file of events, played against the pipeline that lies here or in a config repository. */
export async function runSimulate(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const text = await readEvents(inputs.events, surroundings.cwd);
  const { simulateThere } = await import("./simulation.ts");
  const events = { file: inputs.events, text };
  const { env, context, cwd } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const { functions } = repositories.evaluator;
  const { tip: base, load, connection } = await openConfig(inputs, repositories, cwd);
  const { pipeline } = await load(base);
  const loadPipeline: LoadPipeline = async (tip) => (await load(tip)).pipeline;
  const scene = { configFile: pipeline.file, loadPipeline, functions, base };
  if (connection === undefined) return await simulateThere(events, { ...scene, baseOf: undefined });
  const baseOf: Scene["baseOf"] = (environment) => {
    let opened: Promise<Snapshot> | undefined;
    const open = () => {
      opened ??= connection.repositoryOf(environment).open();
      return opened;
    };
    return { read: async (paths) => (await open()).read(paths), list: async (folder) => (await open()).list(folder) };
  };
  return await simulateThere(events, { ...scene, baseOf });
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

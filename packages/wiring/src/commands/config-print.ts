import { printConfig } from "@glu/config";
import type { configPrint, InputsOf } from "@glu/inputs";
import { answer, type Outcome } from "../outcome.ts";
import { openConfig } from "../repositories/open-config.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** `glu config print`: the config as YAML, after it was found to be valid. */
export async function runConfigPrint(
  inputs: InputsOf<typeof configPrint>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { env, context, cwd } = surroundings;
  await using repositories = new Repositories(surroundings, findToken(undefined, undefined, env, context.host, "read"));
  const { tip, load } = await openConfig(inputs, repositories, cwd);
  const { source, pipeline } = await load(tip);
  const text = printConfig(source);
  return answer({
    kind: "file",
    schema: "glu.config.v1",
    result: "printed",
    headline: `${pipeline.file} as YAML`,
    language: "yaml",
    text,
    data: { file: pipeline.file, yaml: text },
  });
}

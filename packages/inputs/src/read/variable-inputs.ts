import type { RawInputs } from "../parse/given.ts";
import { parseInputs } from "../parse/parse-inputs.ts";
import type { Command, InputsOf } from "../schema/command.ts";
import { variableName } from "../schema/names.ts";
import type { Env } from "./action-inputs.ts";
import { refuseMisspelt } from "./misspelt.ts";

/** A command's inputs from `GLU_INPUT_<NAME>`, not yet parsed: what the CLI puts its flags on top of. */
export function rawVariableInputs(command: Command, env: Env): RawInputs {
  refuseMisspelt(command, env, "GLU_INPUT_", variableName);
  return Object.fromEntries(Object.keys(command.inputs).map((name) => [name, env[variableName(name)]]));
}

/** A command's inputs from `GLU_INPUT_<NAME>`: GitLab components, and the fallback of every flag. */
export function readVariableInputs<C extends Command>(command: C, env: Env): InputsOf<C> {
  return parseInputs(command, rawVariableInputs(command, env));
}

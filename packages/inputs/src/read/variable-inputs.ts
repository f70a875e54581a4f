import { closest } from "../parse/closest.ts";
import type { RawInputs } from "../parse/given.ts";
import { parseInputs, unknownInput } from "../parse/parse-inputs.ts";
import type { Command, InputsOf } from "../schema/command.ts";
import { variableName } from "../schema/names.ts";
import type { Env } from "./action-inputs.ts";

/** A command's inputs from `GLU_INPUT_<NAME>`, not yet parsed: what the CLI puts its flags on top of. */
export function rawVariableInputs(command: Command, env: Env): RawInputs {
  const known = Object.keys(command.inputs);
  const variables = new Set(known.map(variableName));
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith("GLU_INPUT_") || variables.has(variable) || value === undefined || value === "") continue;
    const name = variable.slice("GLU_INPUT_".length).toLowerCase().replaceAll("_", "-");
    // Another command's input may be set for a whole pipeline; a near miss of this command's is a mistake.
    if (closest(name, known) !== undefined) throw unknownInput(command, name, ` (variable ${variable})`);
  }
  return Object.fromEntries(known.map((name) => [name, env[variableName(name)]]));
}

/** A command's inputs from `GLU_INPUT_<NAME>`: GitLab components, and the fallback of every flag. */
export function readVariableInputs<C extends Command>(command: C, env: Env): InputsOf<C> {
  return parseInputs(command, rawVariableInputs(command, env));
}

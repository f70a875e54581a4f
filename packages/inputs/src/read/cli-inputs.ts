import type { RawInputs } from "../parse/given.ts";
import { parseInputs } from "../parse/parse-inputs.ts";
import { isGiven } from "../parse/values.ts";
import type { Command, InputsOf } from "../schema/command.ts";
import type { Env } from "./action-inputs.ts";
import { rawVariableInputs } from "./variable-inputs.ts";

/**
 * A command's inputs at a terminal: flags and words by the input's name (a flag without value as `"true"`, its
 * negation as `"false"`, a repeated one as an array), over `GLU_INPUT_…` variables, over defaults.
 *
 * Hand over only what was on the command line: a library's own default would hide a variable.
 */
export function readCliInputs<C extends Command>(command: C, given: RawInputs, env: Env): InputsOf<C> {
  const flags = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => isGiven(value) || command.inputs[name]?.refuseEmpty === true),
  );
  return parseInputs(command, { ...rawVariableInputs(command, env), ...flags });
}

import { closest } from "../parse/closest.ts";
import type { RawInputs } from "../parse/given.ts";
import { parseInputs, unknownInput } from "../parse/parse-inputs.ts";
import type { Command, InputsOf } from "../schema/command.ts";
import { actionVariableName } from "../schema/names.ts";

/** A process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A command's inputs as the GitHub and Gitea runners pass them, not yet parsed. */
export function rawActionInputs(command: Command, env: Env): RawInputs {
  refuseMisspelt(command, env);
  return Object.fromEntries(
    Object.entries(command.inputs)
      .filter(([, input]) => input.hosts.includes("action"))
      .map(([name]) => [name, env[actionVariableName(name)]]),
  );
}

/**
 * A command's inputs from `INPUT_<NAME>`.
 *
 * A runner only warns of an input that the action does not have and passes it on. A near miss (`enviroment`) would
 * change what is done, so it is refused; any other name is left to the runner's own warning.
 */
export function readActionInputs<C extends Command>(command: C, env: Env): InputsOf<C> {
  return parseInputs(command, rawActionInputs(command, env));
}

function refuseMisspelt(command: Command, env: Env): void {
  const known = Object.keys(command.inputs);
  const variables = new Set(known.map(actionVariableName));
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith("INPUT_") || variables.has(variable) || value === undefined || value === "") continue;
    const name = variable.slice("INPUT_".length).toLowerCase();
    if (closest(name, known) !== undefined) throw unknownInput(command, name);
  }
}

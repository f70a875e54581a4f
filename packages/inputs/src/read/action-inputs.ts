import type { RawInputs } from "../parse/given.ts";
import { parseInputs } from "../parse/parse-inputs.ts";
import type { Command, InputsOf } from "../schema/command.ts";
import { actionVariableName } from "../schema/names.ts";
import { refuseMisspelt } from "./misspelt.ts";

/** A process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A command's inputs as the GitHub and Gitea runners pass them, not yet parsed. */
export function rawActionInputs(command: Command, env: Env): RawInputs {
  refuseMisspelt(command, env, "INPUT_", actionVariableName);
  return Object.fromEntries(
    Object.entries(command.inputs)
      .filter(([, input]) => input.hosts.includes("action"))
      .map(([name]) => [name, env[actionVariableName(name)]]),
  );
}

/**
 * A command's inputs from `INPUT_<NAME>`.
 *
 * @throws UserError as {@link parseInputs}; `input/unknown` also for a near miss, of which a runner only warns.
 */
export function readActionInputs<C extends Command>(command: C, env: Env): InputsOf<C> {
  return parseInputs(command, rawActionInputs(command, env));
}

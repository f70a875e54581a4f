import { closest, UserError } from "@glu/core";
import { inputNames } from "../generated/command-list.ts";
import { unknownInput } from "../parse/parse-inputs.ts";
import type { Command } from "../schema/command.ts";
import type { Env } from "./action-inputs.ts";

/**
 * Refuses a variable that nearly names one of the command's inputs: a misspelt `enviroment` would change what is done,
 * and a runner only warns of it. Inputs of other commands pass, for a variable may be set for a whole pipeline; so does
 * what is nothing like an input, for it is not ours.
 */
export function refuseMisspelt(command: Command, env: Env, prefix: string, variable: (name: string) => string): void {
  const known = Object.keys(command.inputs);
  const allowed = new Set([...inputNames, "command"].map(variable));
  for (const [seen, value] of Object.entries(env)) {
    if (!seen.startsWith(prefix) || allowed.has(seen) || value === undefined || value === "") continue;
    const hyphen = known.find((one) => variable(one).replaceAll("-", "_") === seen);
    if (hyphen !== undefined) throw hyphenExpected(seen, variable(hyphen));
    const name = seen.slice(prefix.length).toLowerCase().replaceAll("_", "-");
    if (closest(name, known) !== undefined) throw unknownInput(command, name, ` (variable ${seen})`);
  }
}

/** GitHub's runner keeps hyphens: the name with `_` is one that a person set, and nobody reads. */
function hyphenExpected(seen: string, expected: string): UserError {
  return new UserError("input/unknown", `The variable ${seen} is not read: a runner writes ${expected}.`, {
    seen,
    fix: `Give the input under "with", or set ${expected}.`,
  });
}

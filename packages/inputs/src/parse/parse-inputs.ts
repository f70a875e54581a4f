import { closest, UserError } from "@glu/core";
import type { Command, InputsOf } from "../schema/command.ts";
import { camelCase } from "../schema/names.ts";
import type { RawInputs } from "./given.ts";
import { isGiven } from "./values.ts";

/** The error for a name that the command does not have. */
export function unknownInput(command: Command, name: string, cause = ""): UserError {
  const known = Object.keys(command.inputs).filter((key) => command.inputs[key]?.hidden === false);
  const near = closest(name, known);
  return new UserError("input/unknown", `${command.cli} has no input "${name}"${cause}.`, {
    seen: name,
    fix: near === undefined ? `It takes ${known.join(", ")}.` : `Did you mean "${near}"?`,
  });
}

function emptyInput(name: string, byDefault: string | undefined): UserError {
  return new UserError("input/empty", `Input "${name}" was given and is empty.`, {
    seen: "",
    fix: `An expression came to nothing: look at what should have filled it. Leave "${name}" out, or give ${byDefault}, when that is meant.`,
  });
}

/**
 * Turns what a host gave into the command's typed inputs. Empty text counts as not given; what is not given becomes
 * its default, an empty list, `false` or `undefined`.
 *
 * @throws UserError `input/…`: unknown name, missing, not a boolean, not one of the choices, a line break, …
 */
export function parseInputs<C extends Command>(command: C, raw: RawInputs): InputsOf<C> {
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(command.inputs, name) && isGiven(raw[name])) throw unknownInput(command, name);
  }
  const values = Object.entries(command.inputs).map(([name, input]) => {
    const given = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (input.refuseEmpty && given !== undefined && !isGiven(given)) throw emptyInput(name, input.default);
    return [camelCase(name), input.parse(name, given)];
  });
  return Object.fromEntries(values) as InputsOf<C>;
}

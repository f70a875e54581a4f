import { closest, UserError } from "@glu/core";
import type { Command } from "../schema/command.ts";
import { type Input, rootDefault } from "../schema/input.ts";
import { actionVariableName } from "../schema/names.ts";
import type { Env } from "./action-inputs.ts";

/**
 * Which command the root action was asked for, from its `command` input.
 *
 * @param commands those that it can be
 * @throws UserError `input/command` when it is none, `input/other-command` when an input belongs to another command.
 */
export function readRootCommand<C extends Command>(env: Env, commands: readonly C[]): C {
  const name = env[actionVariableName("command")]?.trim() ?? "";
  const names = commands.map((command) => command.name);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = closest(name, names);
    throw new UserError("input/command", `Input "command" is ${JSON.stringify(name)}.`, {
      seen: name,
      fix: `${near === undefined ? "" : `Did you mean ${near}? `}It takes one of ${names.join(", ")}.`,
    });
  }
  refuseOthers(command, env, commands);
  return command;
}

/**
 * The environment as the command's own action would have it: the root action declares hardly any defaults, so a runner
 * passes what was not given as an empty text. Where empty is a mistake it has the default, and empty stays what it is.
 */
export function withoutEmptyInputs(env: Env, commands: readonly Command[]): Env {
  const inputs = commands.flatMap((command) => Object.entries<Input>(command.inputs));
  const kept = new Set(inputs.filter(([, input]) => input.refuseEmpty).map(([name]) => actionVariableName(name)));
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !(name.startsWith("INPUT_") && value === "" && !kept.has(name))),
  );
}

/** The root action has the inputs of every command: one that this command does not have would be dropped silently. */
function refuseOthers(command: Command, env: Env, commands: readonly Command[]): void {
  for (const other of commands) {
    for (const [name, input] of Object.entries(other.inputs)) {
      if (!input.hosts.includes("action") || Object.hasOwn(command.inputs, name)) continue;
      // What a runner fills in was given by nobody.
      if (input.actionDefault !== undefined) continue;
      const given = (env[actionVariableName(name)] ?? "").trim();
      if (given === "" || given === rootDefault(input)) continue;
      throw new UserError("input/other-command", `${command.name} has no input "${name}"; ${other.name} has.`, {
        seen: name,
        fix: `Remove "${name}", or set command to ${other.name}.`,
      });
    }
  }
}

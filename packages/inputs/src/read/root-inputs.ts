import { closest, UserError } from "@glu/core";
import { loadCommand } from "../commands/load-command.ts";
import { refusedEmpty, rootActions, rootDefaults } from "../generated/root-actions.ts";
import type { Command } from "../schema/command.ts";
import { actionVariableName } from "../schema/names.ts";
import type { Env } from "./action-inputs.ts";

/** The actions that the root action can be. */
export type RootActionName = keyof typeof rootActions;

/**
 * Which action the root action is, from its `command` input.
 * @throws UserError `input/command` when it is none
 */
export function rootActionName(env: Env): RootActionName {
  const name = env[actionVariableName("command")]?.trim() ?? "";
  if (Object.hasOwn(rootActions, name)) return name as RootActionName;
  const names = Object.keys(rootActions);
  const near = closest(name, names);
  throw new UserError("input/command", `Input "command" is ${JSON.stringify(name)}.`, {
    seen: name,
    fix: `${near === undefined ? "" : `Did you mean ${near}? `}It takes one of ${names.join(", ")}.`,
  });
}

/**
 * The command of an action, of which alone more is read than what a table says of all.
 * @throws UserError `input/other-command` when an input is given that belongs to another command
 */
export async function readRootCommand(env: Env, name: RootActionName): Promise<Command> {
  const command = await loadCommand(rootActions[name][0].split(" "));
  if (command === undefined) throw new Error(`${name} is no command.`);
  refuseOthers(command, env);
  return command;
}

/**
 * The environment as the command's own action would have it: the root action declares hardly any defaults, so a runner
 * passes what was not given as an empty text. Where empty is a mistake it has the default, and empty stays what it is.
 */
export function withoutEmptyInputs(env: Env): Env {
  const kept = new Set(refusedEmpty.map(actionVariableName));
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !(name.startsWith("INPUT_") && value === "" && !kept.has(name))),
  );
}

/** The root action has the inputs of every command: one that this command does not have would be dropped silently. */
function refuseOthers(command: Command, env: Env): void {
  for (const [other, [, inputs]] of Object.entries(rootActions)) {
    for (const name of inputs.split(" ")) {
      if (Object.hasOwn(command.inputs, name)) continue;
      const given = (env[actionVariableName(name)] ?? "").trim();
      if (given === "" || given === rootDefaults[name]) continue;
      throw new UserError("input/other-command", `${command.name} has no input "${name}"; ${other} has.`, {
        seen: name,
        fix: `Remove "${name}", or set command to ${other}.`,
      });
    }
  }
}

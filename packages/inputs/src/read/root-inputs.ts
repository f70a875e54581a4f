import { closest, UserError } from "@glu/core";
import { actionCommands } from "../commands/all.ts";
import { actionVariableName } from "../schema/names.ts";
import type { Env } from "./action-inputs.ts";

type ActionCommand = (typeof actionCommands)[number];

/**
 * Which command the root action was asked for, from its `command` input.
 *
 * @throws UserError `input/command` when it is none, `input/other-command` when an input belongs to another command.
 */
export function readRootCommand(env: Env): ActionCommand {
  const name = env[actionVariableName("command")]?.trim() ?? "";
  const names = actionCommands.map((command) => command.name);
  const command = actionCommands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = closest(name, names);
    throw new UserError("input/command", `Input "command" is ${JSON.stringify(name)}.`, {
      seen: name,
      fix: `${near === undefined ? "" : `Did you mean ${near}? `}It takes one of ${names.join(", ")}.`,
    });
  }
  refuseOthers(command, env);
  return command;
}

/** The root action has the inputs of every command: one that this command does not have would be dropped silently. */
function refuseOthers(command: ActionCommand, env: Env): void {
  for (const other of actionCommands) {
    for (const [name, input] of Object.entries(other.inputs)) {
      if (!input.hosts.includes("action") || Object.hasOwn(command.inputs, name)) continue;
      if ((env[actionVariableName(name)] ?? "").trim() === "") continue;
      throw new UserError("input/other-command", `${command.name} has no input "${name}"; ${other.name} has.`, {
        seen: name,
        fix: `Remove "${name}", or set command to ${other.name}.`,
      });
    }
  }
}

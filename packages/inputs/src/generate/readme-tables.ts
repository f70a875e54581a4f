import type { Command } from "../schema/command.ts";
import type { Host, Input } from "../schema/input.ts";
import { outputVariableName } from "../schema/names.ts";
import { onHost, table } from "./shared.ts";

/** Outputs that do not fit into GitLab's dotenv report (5 KB): read them from the report's folder. */
const tooLong: readonly string[] = ["decision", "drift"];

const kinds: Readonly<Record<Input["kind"], string>> = {
  text: "text",
  list: "list",
  flag: "`true` or `false`",
  choice: "choice",
  count: "number",
};

function value(input: Input): string {
  if (input.kind === "choice") return input.choices.map((choice) => `\`${choice}\``).join(", ");
  if (input.kind === "list") return input.separator === "line" ? "list, one a line" : "list, by comma or line";
  return kinds[input.kind];
}

function fallback(input: Input): string {
  if (input.required) return "**required**";
  return input.default === undefined ? "" : `\`${input.default}\``;
}

/** The inputs of a command as one host has them. */
export function inputsTable(command: Command, host: Host): string {
  return table(
    ["Input", "Value", "Default", "What it does"],
    onHost(command, host)
      .filter(([, input]) => !input.hidden)
      .map(([name, input]) => [`\`${name}\``, value(input), fallback(input), input.description]),
  );
}

/** The outputs; on GitLab by the variable that later jobs see. */
export function outputsTable(command: Command, host: "action" | "gitlab"): string {
  return table(
    [host === "gitlab" ? "Variable" : "Output", "What it holds"],
    Object.entries(command.outputs)
      .filter(([name]) => host !== "gitlab" || !tooLong.includes(name))
      .map(([name, description]) => [`\`${host === "gitlab" ? outputVariableName(name) : name}\``, description]),
  );
}

export function permissionsTable(command: Command, host: "github" | "gitlab"): string {
  return table(
    ["Permission", "Why"],
    command.permissions
      .filter((permission) => permission.host === host)
      .map(({ scope, access, reason }) => [host === "github" ? `\`${scope}: ${access}\`` : `\`${scope}\``, reason]),
  );
}

import type { Command } from "./command.ts";
import type { Input } from "./input.ts";
import { variableName } from "./names.ts";

/** One flag of a command, for whichever library parses the command line. */
export interface CliOption {
  /** The input's name, and the flag without dashes. */
  name: string;
  /** `--app <name>`, `-o, --output <format>`, `--plan`. */
  flags: string;
  short: string | undefined;
  description: string;
  /** Takes a value; flags do not. */
  value: boolean;
  repeatable: boolean;
  /** `--no-plan` exists: it overrides a variable. */
  negatable: boolean;
  required: boolean;
  choices: readonly string[];
  /** For help only: give it to a parsing library and it would hide the variable. */
  default: string | undefined;
  hidden: boolean;
  /** The variable that gives it when the flag is not there. */
  variable: string;
}

/** One word on the command line that is no flag. */
export interface CliArgument {
  name: string;
  description: string;
  required: boolean;
  repeatable: boolean;
}

function onCommandLine(command: Command): [string, Input][] {
  return Object.entries(command.inputs).filter(([, input]) => input.hosts.includes("cli"));
}

/** The flags of a command, in the order they are declared. */
export function cliOptions(command: Command): CliOption[] {
  return onCommandLine(command)
    .filter(([, input]) => input.position === undefined)
    .map(([name, input]) => {
      const value = input.kind !== "flag";
      const long = `--${name}${value ? ` <${input.placeholder}>` : ""}`;
      return {
        name,
        flags: input.short === undefined ? long : `-${input.short}, ${long}`,
        short: input.short,
        description: input.description,
        value,
        repeatable: input.kind === "list",
        negatable: !value,
        required: input.required,
        choices: input.choices,
        default: value ? input.default : undefined,
        hidden: input.hidden,
        variable: variableName(name),
      };
    });
}

/** The words of a command that are no flags, in their order: `glu pin <app> <environment>`. */
export function cliArguments(command: Command): CliArgument[] {
  return onCommandLine(command)
    .filter(([, input]) => input.position !== undefined)
    .sort(([, a], [, b]) => (a.position ?? 0) - (b.position ?? 0))
    .map(([name, { description, required, kind }], index, all) => {
      // Only the last word can be several words; a list before it is one word, by comma.
      const repeatable = kind === "list" && index === all.length - 1;
      return { name, description, required, repeatable };
    });
}

/** What follows the words of a command, such as `<app> <environment> [flags]`. */
export function cliUsage(command: Command): string {
  const words = cliArguments(command).map((argument) => {
    const word = cliWord(argument);
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  return [...words, "[flags]"].join(" ");
}

/** A word as help names it: with dots where there may be several. */
export const cliWord = ({ name, repeatable }: CliArgument): string => `${name}${repeatable ? "..." : ""}`;

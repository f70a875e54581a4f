import { UserError } from "@glu/core";
import {
  type CliOption,
  cliArguments,
  cliOptions,
  cliWord,
  commandList,
  type Command as Definition,
  type RawInputs,
} from "@glu/inputs";
import { Command, CommanderError, Option } from "commander";

/** A command line, understood: which command, and what was given for it. */
export type Invocation =
  | { kind: "command"; definition: Definition; raw: RawInputs }
  | { kind: "text"; text: string; exitCode: number }
  | { kind: "completion"; shell: string };

/** Those that there is a completion for. */
export const shells = ["bash", "zsh", "fish"] as const;

const intro = `Delivery as code, in the CI you already have.

Start here:
  glu demo                                   a whole delivery on this machine, in seconds
  glu validate                               check glu.yaml before you push it
  glu plan --app web --environment staging   what would happen, and why not

Every flag can also be given as a variable: --config-repository is GLU_INPUT_CONFIG_REPOSITORY.
The token is only ever read from GLU_TOKEN. Exit codes: 0 done, 1 a bug, 2 usage or configuration,
3 refused or held, 4 an outside system failed.`;

/**
 * Reads a command line. Help, completion and usage errors are answers too: the caller prints them.
 * @param commands those that it can mean: of others it knows their names
 * @throws UserError `usage/…` for what cannot be understood
 */
export function readCommandLine(argv: readonly string[], commands: readonly Definition[]): Invocation {
  let invocation: Invocation | undefined;
  let printed = "";
  let help = "";
  const configure = (command: Command): Command =>
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => {
          printed += text;
        },
        // Help that was not asked for: of a group without its command.
        writeErr: (text) => {
          help += text;
        },
      })
      .configureHelp({
        styleTitle: (title) => title.replace("Options:", "Flags:"),
        subcommandTerm: (each) => `${each.name()} ${each.usage()}`,
      })
      .showSuggestionAfterError()
      .helpCommand(false);
  const line = argv.length === 0 ? ["--help"] : spelledOut(argv).map(withoutSign);
  const root = configure(new Command("glu")).description(intro).usage("<command> [flags]");
  const groups = new Map<string, Command>();
  for (const [cli, usage, summary] of commandList) {
    const words = cli.split(" ");
    const name = words.at(-1) ?? cli;
    const parent = words.length === 1 ? root : groupOf(root, groups, words[0] ?? "", configure);
    const command = configure(parent.command(name)).summary(summary).usage(usage);
    const definition = commands.find((one) => one.cli === cli);
    if (definition === undefined) continue;
    command.description(definition.description);
    addArguments(command, definition);
    command.addHelpText("after", examplesOf(definition));
    command.action((...given: unknown[]) => {
      invocation = { kind: "command", definition, raw: rawOf(definition, command, given) };
    });
  }
  configure(root.command("completion"))
    .summary("Print a completion script for your shell")
    .usage("<shell>")
    .argument("<shell>", shells.join(", "))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(glu completion bash)\n  glu completion fish > ~/.config/fish/completions/glu.fish\n",
    )
    .action((shell: string) => {
      invocation = { kind: "completion", shell };
    });
  try {
    root.parse(line, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: printed, exitCode: 0 };
    if (error.code === "commander.help") return { kind: "text", text: help, exitCode: 2 };
    // Of a group or of nothing, the format of the answer is not what is wrong.
    const [first = "", second = ""] = argv;
    const bare = isOutputFlag(first) || (groups.has(first) && isOutputFlag(second));
    if (bare && argv.some((word) => isOutputFlag(word) && isUnknownFlag(error, withoutSign(word))))
      throw missingCommand();
    const flagWithValue = argv.find((word) => isUnknownFlag(error, word) && word.includes("="));
    if (flagWithValue !== undefined) throw usageErrorWithoutValue(argv, flagWithValue, commands);
    throw usageError(error);
  }
  return invocation ?? { kind: "text", text: root.helpInformation(), exitCode: 2 };
}

/** What the commands of a group do, for the list of all. */
const summaries: Readonly<Record<string, string>> = {
  artifact: "Make, extend, show and list release artifacts",
  config: "Show the configuration as it is read, and its types",
  preview: "Bring previews up and down, keep, list and sweep them",
};

function summaryOf(group: string): string {
  const summary = summaries[group];
  if (summary === undefined) throw new Error(`nothing says what the commands of ${group} do`);
  return summary;
}

function groupOf(
  root: Command,
  groups: Map<string, Command>,
  name: string,
  configure: (command: Command) => Command,
): Command {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = configure(root.command(name)).summary(summaryOf(name)).usage("<command> [flags]");
  groups.set(name, group);
  return group;
}

function addArguments(command: Command, definition: Definition): void {
  for (const argument of cliArguments(definition)) {
    // A required one may also come from its variable, so it is checked when all inputs are put together.
    command.argument(`[${cliWord(argument)}]`, describe(argument.description, argument.required));
  }
  for (const option of cliOptions(definition)) command.addOption(toOption(option));
  // What other commands take as a flag (`--app`, `--config`) is understood also where it is a word.
  for (const { name } of cliArguments(definition).filter(({ repeatable }) => !repeatable)) {
    command.addOption(new Option(`--${name} <value>`).argParser(collect).hideHelp());
  }
  for (const option of cliOptions(definition).filter(({ negatable }) => negatable)) {
    command.addOption(new Option(`--no-${option.name}`).hideHelp());
  }
}

const describe = (description: string, required: boolean): string =>
  required ? `${description} (required)` : description;

function toOption(option: CliOption): Option {
  const made = new Option(option.flags, describe(option.description, option.required));
  if (option.hidden) made.hideHelp();
  // Every value is kept, so that two of what takes one are refused and not the last one taken.
  if (option.value) made.argParser(collect);
  return made;
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function rawOf(definition: Definition, command: Command, given: unknown[]): RawInputs {
  const raw: Record<string, string | string[] | undefined> = {};
  cliArguments(definition).forEach(({ name }, index) => {
    const value = given[index];
    const flag: unknown = command.getOptionValue(new Option(`--${name} <value>`).attributeName());
    const values = [...(typeof value === "string" ? [value] : []), ...(Array.isArray(flag) ? flag.map(String) : [])];
    if (values.length > 0) raw[name] = values.length === 1 ? values[0] : values;
    else if (Array.isArray(value)) raw[name] = value.map(String);
  });
  for (const option of cliOptions(definition)) {
    const attribute = new Option(option.flags).attributeName();
    if (command.getOptionValueSource(attribute) !== "cli") continue;
    const value: unknown = command.getOptionValue(attribute);
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    raw[option.name] = option.repeatable || values.length > 1 ? values : values[0];
  }
  return raw;
}

function examplesOf({ examples }: Definition): string {
  if (examples.length === 0) return "";
  return `\nExamples:\n${examples.map(({ title, run }) => `  # ${title}\n  ${run}`).join("\n")}\n`;
}

/** `glu --version` is `glu version`; `glu help promote` is `glu promote --help`. */
export function spelledOut(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  if (first === "--version") return ["version", ...rest];
  return first === "help" ? [...rest, "--help"] : argv;
}

/** `-o=json` means `-o json`, as `--output=json` does. */
const withoutSign = (word: string): string => word.replace(/^-o=/, "-o");

const isOutputFlag = (word: string): boolean => /^(?:-o|--output(?:=|$))/.test(word);

const allHelp = "'glu --help' lists the commands, 'glu <command> --help' their flags.";

/** What stands for help that was not asked for, where a program reads the answer. */
export function missingCommand(): UserError {
  return new UserError("usage/missing-command", "The command line names no command.", { fix: allHelp });
}

const isUnknownFlag = (error: CommanderError, word: string): boolean =>
  error.message.startsWith(`error: unknown option '${word}'`);

/** The same mistake without the value, which may be a secret and would hide what the flag is like. */
function usageErrorWithoutValue(argv: readonly string[], word: string, commands: readonly Definition[]): UserError {
  const flag = word.slice(0, word.indexOf("="));
  try {
    readCommandLine(
      argv.map((each) => (each === word ? flag : each)),
      commands,
    );
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return new UserError("usage/unexpected-value", `Flag '${flag}' takes no value.`, {
    fix: `Write ${flag}, or ${flag.replace("--", "--no-")} for the opposite.`,
  });
}

/** Commander speaks of options; here they are flags. */
function usageError(error: CommanderError): UserError {
  // The value of a flag that is not known may be a secret: `--token=…` is the likeliest mistake.
  const text = error.message
    .replace(/^error: /, "")
    .replace(/^(unknown option '-[^=']*)=.*'/s, "$1'")
    .replace(/^unknown option/, "unknown flag")
    .replace(/^option (.*) argument missing$/s, "flag $1 needs a value");
  const [message = "", ...hints] = text.split("\n");
  const code = error.code.replace(/^commander\./, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new UserError(`usage/${code}`, `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`, {
    fix: hints.join(" ").replace(/^\((.*)\)$/, "$1") || allHelp,
  });
}

import { commands } from "../commands/all.ts";
import { cliArguments, cliOptions } from "../schema/cli-options.ts";
import type { Command } from "../schema/command.ts";
import { banner, table } from "./shared.ts";

/** Exit codes are contract. */
const exitCodes = table(
  ["Code", "Meaning"],
  [
    ["0", "promoted, proposed, unchanged, planned, superseded, or nothing to do"],
    ["1", "a bug in glu"],
    ["2", "wrong usage or configuration; no token, or one that cannot write"],
    [
      "3",
      "refused; a release that failed its verification; a preview that was not healthy in time; or held, with `on-held: fail`",
    ],
    ["4", "an outside system failed, or others kept pushing for two minutes"],
  ],
);

function usage(command: Command): string {
  const words = cliArguments(command).map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  const flags = cliOptions(command).filter((option) => !option.hidden);
  return ["glu", command.cli, ...words, ...(flags.length === 0 ? [] : ["[flags]"])].join(" ");
}

function section(command: Command): string {
  const flags = cliOptions(command).filter((option) => !option.hidden);
  const words = cliArguments(command);
  const rows = [
    ...words.map(({ name, required, description }) => [`\`<${name}>\``, required ? "**required**" : "", description]),
    ...flags.map((option) => [
      `\`${option.flags}\`${option.repeatable ? ", repeatable" : ""}`,
      option.required ? "**required**" : option.default === undefined ? "" : `\`${option.default}\``,
      option.choices.length === 0 ? option.description : `${option.description} One of ${list(option.choices)}.`,
    ]),
  ];
  const examples = command.examples.map(({ title, run }) => `${title}:\n\n\`\`\`sh\n${run}\n\`\`\``);
  return [
    `## glu ${command.cli}`,
    `${command.summary}. ${command.description}`,
    `\`\`\`\n${usage(command)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(["Flag", "Default", "What it does"], rows)]),
    ...examples,
  ].join("\n\n");
}

const list = (choices: readonly string[]): string => choices.map((choice) => `\`${choice}\``).join(", ");

/** `docs/cli.md`: every command with its flags. */
export function cliPage(): string {
  const index = table(
    ["Command", "What it does"],
    commands.map((command) => [`[\`glu ${command.cli}\`](#glu-${command.cli.replaceAll(" ", "-")})`, command.summary]),
  );
  return [
    `<!-- ${banner("").trim()} -->`,
    "# The `glu` command",
    "Everything an action or a GitLab component does, at a terminal: the same names, the same inputs, the same result.",
    index,
    "Any flag can be given as a variable instead: `--config-repository` is `GLU_INPUT_CONFIG_REPOSITORY`. A flag on the command line wins. The token is read from `GLU_TOKEN`, never from a flag. Answers go to standard output, everything else to standard error.",
    exitCodes,
    ...commands.map(section),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

import { UserError } from "@glu/core";
import { type Command, cliOptions } from "@glu/inputs";
import { shells } from "./program.ts";

interface Words {
  command: string;
  flags: { name: string; short?: string | undefined; choices: readonly string[] }[];
}

/** A script that completes commands, flags and the values of choices, made from the same list as the commands. */
export function completionScript(shell: string, commands: readonly Command[]): string {
  const words = commands.map((command): Words => {
    return { command: command.cli, flags: cliOptions(command).filter(({ hidden }) => !hidden) };
  });
  if (shell === "fish") return fish(words);
  if (shell === "bash") return bash(words);
  if (shell === "zsh") return `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`;
  throw new UserError("usage/shell", `There is no completion for ${JSON.stringify(shell)}.`, {
    seen: shell,
    fix: `Give one of ${shells.join(", ")}.`,
  });
}

const flagsOf = ({ flags }: Words): string => [...flags.map(({ name }) => `--${name}`), "--help"].join(" ");

function bash(words: readonly Words[]): string {
  const top = [...new Set(words.map(({ command }) => command.split(" ")[0])), "completion"].join(" ");
  const groups = [
    ...new Set(words.filter(({ command }) => command.includes(" ")).map(({ command }) => command.split(" ")[0])),
  ];
  const choices = new Map<string, string>();
  // Of a flag that has others in one command than elsewhere. Those are no commands of a group.
  const own = new Map<string, string>();
  for (const { command, flags } of words) {
    for (const flag of flags.filter((one) => one.choices.length > 0)) {
      const names = [...(flag.short === undefined ? [] : [`-${flag.short}`]), `--${flag.name}`];
      const values = flag.choices.join(" ");
      const usual = choices.get(names.join("|")) ?? values;
      choices.set(names.join("|"), usual);
      if (values !== usual) own.set(names.map((name) => `"${command} ${name}"`).join("|"), values);
    }
  }
  const offer = (on: ReadonlyMap<string, string>) =>
    [...on]
      .map(([pattern, values]) => `    ${pattern}) COMPREPLY=($(compgen -W "${values}" -- "$word")); return ;;`)
      .join("\n");
  return `_glu() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  case "$command $before" in
${offer(own)}
  esac
  case "$before" in
${offer(choices)}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${top}" -- "$word")); return; fi
  case "$command" in
${groups
  .map(
    (group) =>
      `    ${group}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${words
        .filter(({ command }) => command.startsWith(`${group} `))
        .map(({ command }) => command.split(" ")[1])
        .join(" ")}" -- "$word")); return; fi; command="$command \${COMP_WORDS[2]:-}" ;;`,
  )
  .join("\n")}
    completion) COMPREPLY=($(compgen -W "${shells.join(" ")}" -- "$word")); return ;;
  esac
  case "$command" in
${words.map((each) => `    "${each.command}") COMPREPLY=($(compgen -W "${flagsOf(each)}" -- "$word")) ;;`).join("\n")}
  esac
}
complete -o default -F _glu glu
`;
}

function fish(words: readonly Words[]): string {
  const top = [...new Set(words.map(({ command }) => command.split(" ")[0])), "completion"];
  const lines = ["complete -c glu -f", `complete -c glu -n __fish_use_subcommand -a "${top.join(" ")}"`];
  for (const { command, flags } of words) {
    const [first, second] = command.split(" ");
    const here =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    if (second !== undefined) lines.push(`complete -c glu -n "__fish_seen_subcommand_from ${first}" -a "${second}"`);
    for (const flag of flags) {
      const values = flag.choices.length === 0 ? "" : ` -x -a "${flag.choices.join(" ")}"`;
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`;
      lines.push(`complete -c glu -n "${here}"${short} -l ${flag.name}${values}`);
    }
  }
  lines.push(`complete -c glu -n "__fish_seen_subcommand_from completion" -a "${shells.join(" ")}"`);
  return `${lines.join("\n")}\n`;
}

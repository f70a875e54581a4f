/** A command to the runner, as it understands the line. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

const unescapeData = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
const unescapeProperty = (text: string) => unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));

/**
 * The commands in a log. The runner takes a line for one when it has `::name key=value::message` after any blanks, or
 * `##[name]` anywhere in it (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
 */
export function readCommands(log: string): WorkflowCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line): WorkflowCommand[] => {
    const found = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
    const old = /##\[([\w-]+)(?: [^\]]*)?\](.*)$/.exec(line);
    if (found === null) {
      return old === null ? [] : [{ name: old[1] ?? "", properties: {}, message: unescapeData(old[2] ?? "") }];
    }
    const [, name = "", properties = "", message = ""] = found;
    const pairs = properties.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), unescapeProperty(pair.slice(at + 1))];
    });
    return [{ name, properties: Object.fromEntries(properties === "" ? [] : pairs), message: unescapeData(message) }];
  });
}

/**
 * What a file such as `GITHUB_OUTPUT` says: `name=value`, or `name<<END`, lines, `END`.
 *
 * @throws Error where the runner would fail the step.
 */
export function readFileCommands(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const [, name, end] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    if (name === undefined || end === undefined) {
      const at = line.indexOf("=");
      if (at <= 0) throw new Error(`The runner does not understand ${JSON.stringify(line)}.`);
      found[line.slice(0, at)] = line.slice(at + 1);
      continue;
    }
    const last = lines.indexOf(end);
    if (last === -1) throw new Error(`The value of ${name} has no end.`);
    found[name] = lines
      .splice(0, last + 1)
      .slice(0, -1)
      .join("\n");
  }
  return found;
}

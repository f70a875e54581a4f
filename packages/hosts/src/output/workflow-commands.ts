import { coloured, plain } from "./plain.ts";

/**
 * Takes from each line what a runner would obey: a line that begins with `::`, and the older `##[` anywhere
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands). Space is put in, so that a
 * reader still sees what was there.
 */
function disarm(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}

/** JSON of the same value in which a runner finds no command: its lines never begin with `::`, and `##[` is in strings only. */
export function logJson(json: string): string {
  return json.replaceAll("##[", "##\\u005b");
}

/**
 * The lines that make a runner hide a secret from here on: it knows the secret as it is only, so what a header or a URL
 * make of it are secrets of their own.
 */
export function maskCommands(secret: string): string {
  const forms = [
    secret,
    Buffer.from(secret).toString("base64"),
    encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, "\ufffd")),
  ];
  return [...new Set(forms)].map((form) => workflowCommand("add-mask", form)).join("");
}

/** What a command says beside its message; without a value it is left out. */
type Properties = Readonly<Record<string, string | number | undefined>>;

/**
 * A line that a runner obeys, with its line break. Message and properties are data, whatever is in them
 * (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
 */
export function workflowCommand(name: string, message: string, properties: Properties = {}): string {
  const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === ""
      ? []
      : [`${key}=${data(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`],
  );
  return `::${name}${given.length === 0 ? "" : ` ${given.join(",")}`}::${data(message)}\n`;
}

/** Untrusted text for the log of a GitHub or Gitea runner. */
export function logText(text: string): string {
  return disarm(plain(text));
}

/** Our own coloured text with untrusted parts. A colour before `::` does not hide it. */
export function colouredLogText(text: string): string {
  return disarm(coloured(text));
}

import { coloured, plain } from "./plain.ts";

/**
 * Takes from each line what a runner would obey: a line that begins with `::`, and the older `##[` anywhere
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands). Space is put in, so that a
 * reader still sees what was there.
 */
function disarm(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}

/** Untrusted text for the log of a GitHub or Gitea runner. */
export function logText(text: string): string {
  return disarm(plain(text));
}

/** Our own coloured text with untrusted parts. A colour before `::` does not hide it. */
export function colouredLogText(text: string): string {
  return disarm(coloured(text));
}

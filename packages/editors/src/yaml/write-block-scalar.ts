import type { CST } from "yaml";
import { writeScalar } from "./write-scalar.ts";

/**
 * A string in the place of a block scalar (`|`, `>`), its indentation, header comment and the blank lines after it
 * kept; the chomping follows the value. What a block cannot hold is written in double quotes.
 * The result replaces the whole token, from its header on.
 */
export function writeBlockScalar(value: string, token: CST.BlockScalar): string {
  const header = token.props.map((prop) => ("source" in prop ? prop.source : "")).join("");
  const [, style = "|", comment = "", eol = ""] = /^([|>][-+0-9]*)([^\r\n]*)(\r?\n)?$/.exec(header) ?? [];
  const lines = token.source.split(/(?<=\n)/);
  const lastContent = lines.findLastIndex((line) => line.trim() !== "");
  const keeps = style.includes("+");
  const indent = /^ */.exec(lines.find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
  const after = lines.slice(lastContent + 1);
  // With "+", or indented deeper than the text, blank lines belong to the old value.
  const owned = keeps || after.some((line) => line.replace(/\r?\n$/, "").length > indent.length);
  const blank = owned ? "" : after.join("");
  const explicit = /\d/.test(style);
  const trailing = /\n*$/.exec(value)?.[0].length ?? 0;
  const body = value.slice(0, value.length - trailing).split("\n");

  const first = body[0] ?? "";
  const holdable = /^[\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
  const fits =
    lastContent !== -1 &&
    !explicit &&
    !keeps &&
    trailing <= 1 &&
    indent !== "" &&
    first.trim() !== "" &&
    !/^[ \t]/.test(first) &&
    body.every((line) => line === "" || line.trim() !== "") &&
    holdable.test(value);
  if (!fits) {
    const end = eol === "" || !/\n$/.test(token.source) ? "" : eol;
    return `${writeScalar(value, { inFlow: false, prefer: "double" })}${comment.trimEnd()}${end}${blank}`;
  }
  // One line reads the same folded or literal; several would need other line breaks when folded.
  const mode = body.length === 1 ? style[0] : "|";
  const written = body.map((line) => (line === "" ? "" : indent + line)).join(eol);
  const ended = trailing === 1 || /\n$/.test(token.source) ? eol : "";
  return `${mode}${trailing === 0 ? "-" : ""}${comment}${eol}${written}${ended}${blank}`;
}

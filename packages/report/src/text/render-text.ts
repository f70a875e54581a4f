import { describe } from "../describe/describe.ts";
import { ampleRoom } from "../describe/room.ts";
import { icon, strong } from "../document.ts";
import { visibleText } from "../escape/visible.ts";
import type { Report } from "../report.ts";
import { renderBlock } from "./blocks.ts";
import { paintWith } from "./paint.ts";

export interface TextOptions {
  /** ANSI colours; the caller knows of `NO_COLOR` and terminals. */
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** The report for a terminal, aligned. Control characters of data are shown, never sent. */
export function renderText(report: Report, { color, width }: TextOptions): string {
  if (report.kind === "file") return visibleText(report.text);
  const paint = paintWith(color);
  const { headline, blocks } = describe(report, ampleRoom);
  const terminal = { paint, width: Math.max(40, width) };
  const title = { kind: "paragraph" as const, line: [icon(headline.icon), " ", strong(headline.text)] };
  const parts = [title, ...blocks].map((block) => renderBlock(block, terminal)).filter((part) => part !== "");
  return `${parts.join("\n\n")}\n`;
}

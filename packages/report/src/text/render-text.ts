import { describe } from "../describe/describe.ts";
import { ampleRoom } from "../describe/room.ts";
import { visibleLine } from "../escape/visible.ts";
import { icons } from "../icons.ts";
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
  const paint = paintWith(color);
  const { headline, blocks } = describe(report, ampleRoom);
  const { sign, tone } = icons[headline.icon];
  const parts = blocks
    .map((block) => renderBlock(block, { paint, width: Math.max(40, width) }))
    .filter((part) => part !== "");
  return `${[`${paint(tone, sign)} ${paint("strong", visibleLine(headline.text))}`, ...parts].join("\n\n")}\n`;
}

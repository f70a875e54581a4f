import { type Document, icon, strong } from "../document.ts";
import { renderBlock } from "./blocks.ts";
import { paintWith } from "./paint.ts";

export interface TextOptions {
  /** ANSI colours; the caller knows of `NO_COLOR` and terminals. */
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** A document for a terminal, aligned. */
export function renderDocument({ headline, blocks }: Document, { color, width }: TextOptions): string {
  const terminal = { paint: paintWith(color), width: Math.max(40, width) };
  const title = { kind: "paragraph" as const, line: [icon(headline.icon), " ", strong(headline.text)] };
  const parts = [title, ...blocks].map((block) => renderBlock(block, terminal)).filter((part) => part !== "");
  return `${parts.join("\n\n")}\n`;
}

import type { RunResult } from "@glu/core";
import type { FileDiff } from "./diff/file-diff.ts";
import type { IconName } from "./icons.ts";

/**
 * What a report says, free of any markup. Every string in it is data: each renderer escapes all of them, in one place.
 * So a new sentence cannot forget to escape, and all formats say the same.
 */
export interface Document {
  /** One line that says what happened, with a sign for it. */
  headline: { icon: IconName; text: string };
  blocks: Block[];
}

export type Span =
  | string
  | { kind: "code"; text: string }
  | { kind: "strong"; text: string }
  | { kind: "muted"; text: string }
  /**
   * Shown as text when the address is not one to link to. `code` sets it like code; `spelled` gives the address, too,
   * where nothing can be clicked.
   */
  | { kind: "link"; text: string; href: string | undefined; code?: boolean; spelled?: boolean }
  /** The word of a result with its sign. */
  | { kind: "result"; result: RunResult }
  /** A sign alone; words beside it say the same. */
  | { kind: "icon"; icon: IconName }
  /** A new line inside a cell. */
  | { kind: "break" };

export type Line = readonly Span[];

export interface Table {
  kind: "table";
  /** Says what the table shows, for those who cannot see it. */
  caption: string;
  columns: readonly string[];
  /** The first cell of a row names the row. */
  rows: readonly (readonly Line[])[];
}

/** An environment in the drawing, and what stands in it. */
export interface GraphNode {
  name: string;
  tier: string | undefined;
  lines: readonly string[];
  /** The worst result that was decided for it. */
  result: RunResult | undefined;
}

export interface GraphEdge {
  /** Indexes into the nodes. */
  from: number;
  to: number;
  /** What keeps an artifact from passing. */
  blocked: string | undefined;
}

export interface Graph {
  kind: "graph";
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

export type Block =
  | { kind: "heading"; text: string }
  | { kind: "paragraph"; line: Line; muted?: boolean }
  | { kind: "notice"; tone: "note" | "warning"; line: Line }
  | { kind: "list"; items: readonly Line[] }
  /** Folded away until asked for. `terminal: false`: left out where nothing can be folded. */
  | { kind: "details"; summary: string; blocks: readonly Block[]; terminal: boolean }
  /** A whole text, as it is. */
  | { kind: "listing"; language: "yaml" | "ts"; text: string }
  /** At most `limit` lines of it. */
  | { kind: "diff"; file: FileDiff; limit: number }
  /** Lines that a program printed, as they are. */
  | { kind: "output"; title: string; lines: readonly string[] }
  | Table
  | Graph;

export const code = (text: string): Span => ({ kind: "code", text });
export const strong = (text: string): Span => ({ kind: "strong", text });
export const muted = (text: string): Span => ({ kind: "muted", text });
export const link = (text: string, href: string | undefined): Span => ({ kind: "link", text, href });
export const icon = (name: IconName): Span => ({ kind: "icon", icon: name });
export const lineBreak: Span = { kind: "break" };

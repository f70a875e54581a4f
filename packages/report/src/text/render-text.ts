import { describe } from "../describe/describe.ts";
import { ampleRoom } from "../describe/room.ts";
import { visibleText } from "../escape/visible.ts";
import type { Report } from "../report.ts";
import { renderDocument, type TextOptions } from "./render-document.ts";

export type { TextOptions } from "./render-document.ts";

/** The report for a terminal, aligned. Control characters of data are shown, never sent. */
export function renderText(report: Report, options: TextOptions): string {
  return report.kind === "file" ? visibleText(report.text) : renderDocument(describe(report, ampleRoom), options);
}

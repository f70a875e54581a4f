import { describePage } from "../describe/page.ts";
import { ampleRoom } from "../describe/room.ts";
import { visibleText } from "../escape/visible.ts";
import type { Report } from "../report.ts";
import { renderDocument, type TextOptions } from "./render-document.ts";

/** Reports that need nothing of what is known of promotions. */
export type PlainReport = Extract<Report, { kind: "page" | "file" }>;

/** As `renderText`, for those alone: a command that says little loads little. */
export function renderPlainText(report: PlainReport, options: TextOptions): string {
  return report.kind === "file" ? visibleText(report.text) : renderDocument(describePage(report, ampleRoom), options);
}

import { formatDuration } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Span } from "../document.ts";
import type { FileReport, PageReport, Report } from "../report.ts";

/** The last line: what it cost, and under which request it can be found again. */
export function closing(report: Exclude<Report, PageReport | FileReport>): Block[] {
  const line: Span[] = report.kind === "promotion" ? ["Request ", code(report.request.slice(0, 12))] : [];
  const { cost } = report;
  if (cost !== undefined) {
    const figures = [
      clip(cost.way, 60),
      ...(cost.requests === undefined ? [] : [count(cost.requests, "request")]),
      ...(cost.bytesReceived === undefined ? [] : [`${formatBytes(cost.bytesReceived)} received`]),
      ...(cost.milliseconds === undefined ? [] : [formatMilliseconds(cost.milliseconds)]),
    ];
    line.push(`${line.length === 0 ? "" : " · "}Cost: ${figures.join(", ")}`);
  }
  return line.length === 0 ? [] : [{ kind: "paragraph", muted: true, line }];
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const formatMilliseconds = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatDuration(milliseconds);

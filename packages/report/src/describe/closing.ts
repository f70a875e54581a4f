import { type ApiUse, formatDuration, timestamp } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Span } from "../document.ts";
import type { FileReport, Report } from "../report.ts";

/** The last line: what it cost, and under which request it can be found again. */
export function closing(report: Exclude<Report, FileReport>): Block[] {
  const line: Span[] = report.kind === "promotion" ? ["Request ", code(report.request.slice(0, 12))] : [];
  const { cost } = report;
  if (cost?.way !== undefined) {
    const figures = [
      clip(cost.way, 60),
      ...(cost.requests === undefined ? [] : [count(cost.requests, "request")]),
      ...(cost.bytesReceived === undefined ? [] : [`${formatBytes(cost.bytesReceived)} received`]),
      ...(cost.milliseconds === undefined ? [] : [formatMilliseconds(cost.milliseconds)]),
    ];
    line.push(`${line.length === 0 ? "" : " · "}Cost: ${figures.join(", ")}`);
  }
  const said = (cost?.api ?? []).map((use): Block => ({ kind: "paragraph", muted: true, line: [apiUse(use)] }));
  return [...(line.length === 0 ? [] : [{ kind: "paragraph", muted: true, line } as const]), ...said];
}

/** `api.github.com: 12 calls (5 unchanged), 4,988 of 5,000 left until 09:00 UTC`. */
function apiUse({ server, calls, unchanged, limits }: ApiUse): string {
  const made = `${count(calls, "call")}${unchanged === 0 ? "" : ` (${unchanged} unchanged)`}`;
  const left = limits.map(({ resource, limit, remaining, resetsAt }) => {
    const kind = resource === "core" || limits.length === 1 ? "" : `${clip(resource, 40)} `;
    return `${kind}${number(remaining)} of ${number(limit)} left until ${timestamp(resetsAt).slice(11, 16)} UTC`;
  });
  return `${clip(server, 60)}: ${[made, ...left].join(", ")}`;
}

const number = (value: number): string => value.toLocaleString("en-US");

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const formatMilliseconds = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatDuration(milliseconds);

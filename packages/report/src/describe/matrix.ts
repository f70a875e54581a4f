import type { AppName, Decision } from "@glu/core";
import { clip } from "../clip.ts";
import { icon, type Line, lineBreak, muted, type Span, strong, type Table } from "../document.ts";
import type { PipelineView, Running } from "../report.ts";
import { relative, together } from "../times.ts";
import { versionOf } from "../version.ts";

export interface MatrixOptions {
  pipeline: PipelineView;
  apps: readonly AppName[];
  decisions: readonly Decision[];
  now: number;
}

/** App x environment: what runs there, and what was decided about it. */
export function matrix({ pipeline, apps, decisions, now }: MatrixOptions): Table {
  const running = new Map(pipeline.running.map((one) => [`${one.app} ${one.environment}`, one]));
  const decided = new Map<string, Decision[]>();
  for (const one of decisions) {
    const key = `${one.intent.app} ${one.intent.environment}`;
    decided.set(key, [...(decided.get(key) ?? []), one]);
  }
  return {
    kind: "table",
    caption: "What runs where",
    columns: ["App", ...pipeline.environments.map((one) => one.name)],
    rows: apps.map((app) => [
      [strong(app)],
      ...pipeline.environments.map(({ name }) => {
        const key = `${app} ${name}`;
        return cell(running.get(key), decided.get(key) ?? [], now);
      }),
    ]),
  };
}

function cell(running: Running | undefined, decisions: readonly Decision[], now: number): Line {
  // Of a release that failed and the rollback that followed in the same run, the latter runs.
  const made = decisions.findLast((one) => one.result === "promoted" && !one.repeated && one.release !== undefined);
  const line: Span[] = [];
  if (made?.release !== undefined) {
    const before = made.previous === undefined ? undefined : versionOf(made.previous.artifact);
    line.push(icon("promoted"), " ");
    if (before !== undefined) line.push(muted(`${before} → `));
    line.push(strong(versionOf(made.release.artifact)));
  } else {
    const release = running?.release ?? decisions[0]?.previous;
    if (running === undefined && decisions.length === 0) return [muted("–")];
    line.push(release === undefined ? muted("nothing yet") : versionOf(release.artifact));
    const age = release?.releasedAt == null ? undefined : relative(release.releasedAt, now);
    if (age !== undefined) line.push(muted(` · ${age}`));
    if (release?.state === "healthy" || release?.state === "synced") line.push(muted(` · ${release.state}`));
    else if (running?.verifying !== undefined) line.push(muted(` · ${together("not verified yet")}`));
    if (release?.state === "failed") line.push(lineBreak, icon("failed"), " failed");
  }
  for (const decision of decisions) {
    // What is unchanged is what stands there already; what was carried out before may be followed by others since.
    if (decision === made || decision.result === "unchanged" || decision.repeated) continue;
    line.push(lineBreak, icon(decision.result), ` ${versionOf(decision.intent.artifact)} ${decision.result}`);
  }
  if (running?.pin !== undefined) line.push(lineBreak, icon("pin"), ` pinned: ${clip(running.pin.reason, 60)}`);
  if (running?.freeze !== undefined)
    line.push(lineBreak, icon("freeze"), ` frozen: ${clip(running.freeze.reason, 60)}`);
  return line;
}

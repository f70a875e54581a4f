import type { Decision, GateResult } from "@glu/core";
import { clip } from "./clip.ts";
import { worstFirst } from "./describe/headline.ts";
import { undecidedByReason } from "./describe/undecided.ts";
import { safeUrl } from "./escape/url.ts";
import { visibleLine } from "./escape/visible.ts";
import type { PromotionReport } from "./report.ts";
import { day } from "./times.ts";
import { versionOf } from "./version.ts";

/** A remark that a forge shows beside a run. Texts are one line without control characters; the host escapes them. */
export interface Annotation {
  level: "notice" | "warning" | "error";
  title: string;
  message: string;
  file?: string;
  /** 1-based. */
  line?: number;
}

/** GitHub shows ten of each level per step and drops the others without a word. */
const mostOfALevel = 10;

const levels: Partial<Record<Decision["result"], Annotation["level"]>> = {
  refused: "error",
  held: "warning",
  superseded: "notice",
};

/**
 * What deserves attention: refused, and a release that failed, is an error, held a warning, superseded and the report's own notices are notices.
 * Nothing is an error in a plan. At most ten of a level, the last counts the rest.
 */
export function annotations(report: PromotionReport): Annotation[] {
  const all: Annotation[] = worstFirst(report.decisions).flatMap((decision) => {
    const level = levels[decision.result];
    return level === undefined ? [] : [annotate(decision, report.plan ? "notice" : level)];
  });
  for (const { app, environment, release, isNews, seen } of report.verified ?? []) {
    if (!isNews || release.state !== "failed") continue;
    const title = `failed: ${app} ${versionOf(release.artifact)} in ${environment}`;
    all.push({ level: "error", title: line(title), message: line(seen) });
  }
  for (const { error, places } of undecidedByReason(report)) {
    const [first] = places;
    const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
    const title = `not decided: ${first?.app} → ${first?.environment}${more}`;
    const message = error.fix === undefined ? error.message : `${sentence(error.message)} ${error.fix}`;
    all.push({ level: report.plan ? "notice" : "error", title: line(title), message: line(message), ...error.at });
  }
  for (const warning of report.told?.warnings ?? []) {
    all.push({ level: "warning", title: "Not told", message: line(warning) });
  }
  for (const notice of report.notices) all.push({ level: "notice", title: "Notice", message: line(notice) });
  return (["error", "warning", "notice"] as const).flatMap((level) =>
    limit(
      all.filter((one) => one.level === level),
      level,
    ),
  );
}

function annotate(decision: Decision, level: Annotation["level"]): Annotation {
  const { intent, result, gates, reason, changes } = decision;
  const unmet = gates.filter((gate) => !gate.met);
  const file = changes[0]?.path;
  return {
    level,
    title: line(`${result}: ${intent.app} ${versionOf(intent.artifact)} → ${intent.environment}`),
    message: line(unmet.length === 0 ? reason : unmet.map(explain).join(" ")),
    ...(file === undefined ? {} : { file }),
  };
}

function explain({ name, seen, clearedBy, clearsAt, url }: GateResult): string {
  const by = clearedBy === undefined ? "" : ` Cleared by: ${sentence(clearedBy)}`;
  const at = clearsAt === undefined ? "" : ` Clears at ${day(clearsAt)}.`;
  const page = safeUrl(url);
  return `${name} ${sentence(seen)}${by}${at}${page === undefined ? "" : ` See ${page}`}`;
}

/** With one full stop, whether it had one or not. */
const sentence = (text: string): string => text.replace(/\.?$/, ".");

function limit(all: Annotation[], level: Annotation["level"]): Annotation[] {
  if (all.length <= mostOfALevel) return all;
  const more = all.length - (mostOfALevel - 1);
  return [
    ...all.slice(0, mostOfALevel - 1),
    { level, title: `${more} more`, message: `${more} more of this kind are in the summary.` },
  ];
}

const line = (text: string): string => visibleLine(clip(text, 1000));

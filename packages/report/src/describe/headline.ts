import { type Decision, results } from "@glu/core";
import { clip } from "../clip.ts";
import type { Document } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { versionOf } from "../version.ts";
import { artifactNames } from "./artifact-names.ts";

/** Longer reasons belong into the table. */
const reasonLength = 120;

/** Decisions, worst result first, else in the order they were made. */
export function worstFirst(decisions: readonly Decision[]): Decision[] {
  return [...decisions].sort((a, b) => results.indexOf(a.result) - results.indexOf(b.result));
}

/** What happened, in one line, with a sign and a word for it. */
export function headline(report: PromotionReport): Document["headline"] {
  const { decisions, plan, result } = report;
  const said = (text: string) => (plan ? { icon: "planned" as const, text: `plan: ${text}` } : { icon: result, text });
  if (report.headline !== undefined) return said(clip(report.headline, 300));
  const [first] = decisions;
  if (first === undefined) return said("nothing to promote");
  const alike = decisions.every(
    (one) =>
      one.result === first.result &&
      one.intent.app === first.intent.app &&
      one.intent.artifact.id === first.intent.artifact.id,
  );
  if (alike && (decisions.length === 1 || says[first.result].many)) {
    const where = list(decisions.map((one) => one.intent.environment));
    return said(
      says[first.result].say(`${first.intent.app} ${versionOf(first.intent.artifact)}`, where, {
        ...first,
        reason: artifactNames(report)(first.reason),
      }),
    );
  }
  const counts = results.flatMap((one) => {
    const number = decisions.filter((decision) => decision.result === one).length;
    return number === 0 ? [] : [`${number} ${one}`];
  });
  return said(counts.join(" · "));
}

type Say = (what: string, where: string, decision: Decision) => string;

const because = (decision: Decision): string => clip(decision.reason, reasonLength);

/** How each result is said; `many`: also right for several environments at once. */
const says: Record<Decision["result"], { many: boolean; say: Say }> = {
  promoted: { many: true, say: (what, where) => `${what} → ${where}` },
  planned: { many: true, say: (what, where) => `${what} → ${where}` },
  proposed: { many: true, say: (what, where) => `proposed: ${what} → ${where}` },
  unchanged: { many: true, say: (what, where) => `${what} is already in ${where}` },
  superseded: { many: false, say: (what, where, one) => `superseded: ${what} → ${where}: ${because(one)}` },
  held: { many: false, say: (what, where, one) => `held: ${what} → ${where}: ${because(one)}` },
  refused: { many: false, say: (what, where, one) => `refused: ${what} → ${where}: ${because(one)}` },
};

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

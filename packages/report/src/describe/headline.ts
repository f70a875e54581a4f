import { type Decision, results } from "@glu/core";
import { clip, count } from "../clip.ts";
import type { Document } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { versionOf } from "../version.ts";
import { artifactNames } from "./artifact-names.ts";
import { quietHeadline } from "./quiet.ts";
import { verifiedInShort } from "./verified.ts";

/** Longer reasons belong into the table. */
const reasonLength = 120;

/** Decisions, worst result first, what goes back after a failure before what failed, else in the order they were made. */
export function worstFirst(decisions: readonly Decision[]): Decision[] {
  const goesOn = ({ intent }: Decision) => Number(intent.rollback?.afterFailure !== true);
  return [...decisions].sort((a, b) => results.indexOf(a.result) - results.indexOf(b.result) || goesOn(a) - goesOn(b));
}

/** What happened, in one line, with a sign and a word for it. */
export function headline(report: PromotionReport): Document["headline"] {
  const { decisions, plan, result } = report;
  const said = (text: string) => (plan ? { icon: "planned" as const, text: `plan: ${text}` } : { icon: result, text });
  if (report.headline !== undefined) return said(clip(report.headline, 300));
  const { reconciled, now } = report;
  if (reconciled !== undefined && "quietUntil" in reconciled) return said(quietHeadline(reconciled, now));
  const [first] = worstFirst(decisions);
  const became = verifiedInShort(report);
  if (first === undefined) return said(became.length === 0 ? "nothing to promote" : became.join(" · "));
  const back = decisions.filter(wentBack);
  const lead = decisions.filter((one) => isSame(one, first));
  const where = list(lead.map(({ intent }) => intent.environment));
  const [done, to] = backward(first);
  const what = `${done}${says[kindOf(first)](`${first.intent.app} ${to}${versionOf(first.intent.artifact)}`, where)}`;
  // What was asked for and not done comes before what was.
  const open =
    report.undecided.length === 0 ? [] : [`${count(report.undecided.length, "promotion")} could not be decided`];
  if (decisions.length === 1) {
    const because = explained.has(first.result) ? `: ${clip(artifactNames(report)(first.reason), reasonLength)}` : "";
    return said([...open, ...became, `${what}${because}`].join(" · "));
  }
  // The worst by name, without the reason, which the table has; the rest is counted.
  const told = back.includes(first) ? [] : wentBackInShort(back);
  const rest = decisions.filter((one) => !lead.includes(one) && (told.length === 0 || !back.includes(one)));
  return said([...open, ...became, ...told, what, ...countsOf(rest, kindOf(first))].join(" · "));
}

/** What stands before the whole and before the version where it goes back. */
function backward(decision: Decision): [done: string, to: string] {
  if (decision.intent.rollback === undefined) return ["", ""];
  return kindOf(decision) === "promoted" ? ["rolled back: ", "to "] : ["", "back to "];
}

/** It was rolled back by itself, since what ran there failed. */
const wentBack = (one: Decision): boolean => one.intent.rollback?.afterFailure === true && kindOf(one) === "promoted";

/** What followed a failure is said, whatever else the run decided: the first by name, the others counted. */
function wentBackInShort([first, ...others]: readonly Decision[]): string[] {
  if (first === undefined) return [];
  const { app, environment, artifact } = first.intent;
  const more = others.length === 0 ? "" : ` and ${others.length.toLocaleString("en-US")} more`;
  return [`rolled back: ${app} to ${versionOf(artifact)} → ${environment}${more}`];
}

/** A result; apart, when the same request had been carried out before. */
type Kind = Decision["result"] | "repeated";

const kindOf = ({ result, repeated }: Decision): Kind => (repeated ? "repeated" : result);

/** The same artifact with the same result: only the environments differ. */
const isSame = (one: Decision, other: Decision): boolean =>
  kindOf(one) === kindOf(other) &&
  one.intent.app === other.intent.app &&
  one.intent.artifact.id === other.intent.artifact.id;

function countsOf(decisions: readonly Decision[], named: Kind): string[] {
  return ([...results, "repeated"] as const).flatMap((kind) => {
    const number = decisions.filter((one) => kindOf(one) === kind).length;
    if (number === 0) return [];
    const word = kind === "repeated" ? "already carried out" : kind;
    return [`${number.toLocaleString("en-US")} ${kind === named ? "more " : ""}${word}`];
  });
}

/** How each kind is said. */
const says: Record<Kind, (what: string, where: string) => string> = {
  promoted: (what, where) => `${what} → ${where}`,
  planned: (what, where) => `${what} → ${where}`,
  proposed: (what, where) => `proposed: ${what} → ${where}`,
  unchanged: (what, where) => `${what} is already in ${where}`,
  superseded: (what, where) => `superseded: ${what} → ${where}`,
  held: (what, where) => `held: ${what} → ${where}`,
  refused: (what, where) => `refused: ${what} → ${where}`,
  repeated: (what, where) => `already carried out by this request: ${what} → ${where}`,
};

/** Results that are said with their reason. */
const explained: ReadonlySet<Decision["result"]> = new Set(["superseded", "held", "refused"]);

/** More environments than this are counted. */
const mostNames = 6;

function list(names: readonly string[]): string {
  const shown =
    names.length > mostNames ? [...names.slice(0, mostNames - 1), `${names.length - mostNames + 1} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

import type { Artifact } from "../model/artifact.ts";
import type { Policy } from "../model/pipeline.ts";
import { type GlobKind, matchesGlob } from "./glob.ts";

/** Whether a policy matches, and the key that did not. */
export type Match = { matches: true } | Mismatch;

export interface Mismatch {
  matches: false;
  key: keyof Policy;
  seen: string;
  patterns: readonly string[];
}

/**
 * A list of globs: any positive pattern is enough, and no `!` pattern may match. A list of negations alone starts from
 * everything, so `["!v*"]` is the exact complement of `["v*"]`. No pattern matches the empty value.
 * In names `*` stays within one path segment and `**` crosses `/`; in prose, where there are no segments, `*` crosses.
 */
export function matchesGlobs(patterns: readonly string[], value: string, kind: GlobKind = "name"): boolean {
  const matches = (glob: string) => value !== "" && (glob === value || matchesGlob(glob, value, kind));
  const positive = patterns.filter((pattern) => !pattern.startsWith("!"));
  const negative = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  return (positive.length === 0 || positive.some(matches)) && !negative.some(matches);
}

const fields: Record<keyof Policy, (artifact: Artifact) => string> = {
  event: ({ version }) => version.event,
  branch: ({ version }) => version.branch,
  tag: ({ version }) => version.tag ?? "",
  message: ({ version }) => (version.message ?? "").split("\n", 1)[0] ?? "",
};

/**
 * Keys are ANDed. A pull request's build matches only where the event `pr` is named: its branch is called what whoever
 * opened it calls it, `main` of a fork too.
 */
export function matchesPolicy(policy: Policy, artifact: Artifact): Match {
  if (artifact.version.event === "pr" && policy.event?.includes("pr") !== true) {
    return { matches: false, key: "event", seen: "pr", patterns: policy.event ?? [] };
  }
  for (const key of Object.keys(fields) as (keyof Policy)[]) {
    const patterns = policy[key];
    if (patterns === undefined) continue;
    const seen = fields[key](artifact);
    if (!matchesGlobs(patterns, seen, key === "message" ? "prose" : "name")) {
      return { matches: false, key, seen, patterns };
    }
  }
  return { matches: true };
}

/** Any of several policies; the reason is that of the one that came closest. No policies: no match, and no reason. */
export function matchesAny(policies: readonly Policy[], artifact: Artifact): Match | undefined {
  const order = Object.keys(fields);
  let closest: Mismatch | undefined;
  for (const policy of policies) {
    const match = matchesPolicy(policy, artifact);
    if (match.matches) return match;
    if (closest === undefined || order.indexOf(match.key) > order.indexOf(closest.key)) closest = match;
  }
  return closest;
}

/** "its tag is "v1-rc1", and the policy wants v* but not *-rc*" */
export function explainMatch(match: Match): string {
  if (match.matches) return "matches";
  const seen = match.seen === "" ? `it has no ${match.key}` : `its ${match.key} is ${JSON.stringify(match.seen)}`;
  if (match.key === "event" && match.seen === "pr" && match.patterns.every((pattern) => pattern.startsWith("!"))) {
    return 'it was built for a pull request, and the policy does not name "event: pr"';
  }
  return `${seen}, and the policy wants ${explainPatterns(match.patterns)}`;
}

/** "event push, branch main or release/** but not release/1; or tag v*", shortened where there is much of it. */
export function explainPolicies(policies: readonly Policy[]): string {
  const keys = Object.keys(fields) as (keyof Policy)[];
  const one = (policy: Policy) =>
    keys.flatMap((key) => (policy[key] === undefined ? [] : [`${key} ${explainPatterns(policy[key])}`])).join(", ");
  return shortened(policies.map(one), "; or ");
}

/** "main or release/** but not release/1" */
function explainPatterns(patterns: readonly string[]): string {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
  const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const but = excluded.length === 0 ? "" : ` but not ${shortened(excluded, " or ")}`;
  return `${shortened(wanted, " or ") || "any"}${but}`;
}

/** How many of a list a sentence names; an app may write a hundred. */
const mostNamed = 5;

function shortened(all: readonly string[], between: string): string {
  const left = all.length - mostNamed;
  return left <= 0 ? all.join(between) : `${all.slice(0, mostNamed).join(between)}${between}${left} more`;
}

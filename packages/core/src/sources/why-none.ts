import semver from "semver";
import type { Constraint } from "../model/source.ts";
import type { Listed } from "./kind.ts";
import type { Matcher } from "./pattern.ts";
import { isIgnored, rankOf } from "./select.ts";

/** Whether what its publisher calls a pre-release counts. */
export const wantsPrereleases = ({ order }: Constraint): boolean => order.kind === "semver" && order.prereleases;

/** Why none of what is listed counts: each is counted under the first thing that speaks against it. */
export function whyNone(listed: readonly Listed[], constraint: Constraint, match: Matcher): string {
  if (listed.length === 0) return "there is nothing yet";
  const against = new Map<string, number>();
  for (const one of listed) {
    const why = objection(one, constraint, match);
    if (why !== undefined) against.set(why, (against.get(why) ?? 0) + 1);
  }
  const counted = [...against].sort(([, a], [, b]) => b - a).map(([why, count]) => `${count} ${why}`);
  return `none of ${listed.length} counts: ${counted.join(", ")}`;
}

function objection({ name, prerelease }: Listed, constraint: Constraint, match: Matcher): string | undefined {
  const { order, ignore } = constraint;
  if (prerelease === true && !wantsPrereleases(constraint)) return "pre-release";
  if (isIgnored(name, ignore)) return "ignored";
  const text = match(name);
  if (text === undefined) return "not matched by the pattern";
  if (order.kind === "name" || rankOf(text, order) !== undefined) return undefined;
  if (order.kind === "build") return `no ${order.as}`;
  const version = semver.parse(text);
  if (version === null) return "no semantic version";
  const inRange = semver.satisfies(version, order.range, { includePrerelease: true });
  return inRange ? "pre-release" : `not in ${order.range}`;
}

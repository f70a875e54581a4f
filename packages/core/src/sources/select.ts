import semver from "semver";
import type { Constraint } from "../model/source.ts";
import { matchesGlobs } from "../policy/match.ts";
import type { Matcher } from "./pattern.ts";

/** Whether a text is a range of node-semver. */
export const isSemverRange = (text: string): boolean => semver.validRange(text) !== null;

/** A name that counts, with what orders it. */
interface Ranked {
  name: string;
  rank: semver.SemVer | bigint;
}

/**
 * The names that count, the newest first. Pure: the same names in any order give the same answer. Names of one rank (`v1.0.0`
 * and `1.0.0`) are ordered by their text.
 */
export function select(names: readonly string[], constraint: Constraint, match: Matcher): string[] {
  const { order, ignore } = constraint;
  const left = [...new Set(names)].filter((name) => !isIgnored(name, ignore));
  if (order.kind === "name") return left.filter((name) => name === order.name);
  const ranked = left.flatMap((name): Ranked[] => {
    const text = match(name);
    const rank = text === undefined ? undefined : rankOf(text, order);
    return rank === undefined ? [] : [{ name, rank }];
  });
  return ranked.sort(newestFirst).map(({ name }) => name);
}

/** The number by which builds are ordered; undefined: the name has none. */
export function buildNumber(text: string, as: "number" | "date"): bigint | undefined {
  if (as === "number") return /^\d{1,30}$/.test(text) ? BigInt(text) : undefined;
  const digits = text.replace(/[-_.:TZtz]/g, "");
  const [, year = "", month = "", day = "", rest = ""] = /^(\d{4})(\d{2})(\d{2})(\d{0,7})$/.exec(digits) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = year !== "" && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  // What comes after the day is a time, or counts: the tenth of a day is after the second.
  return isDay ? BigInt(`${year}${month}${day}${rest.padStart(7, "0")}`) : undefined;
}

export function isIgnored(name: string, ignore: readonly string[]): boolean {
  return ignore.length > 0 && matchesGlobs(ignore, name);
}

export function rankOf(
  text: string,
  order: Exclude<Constraint["order"], { kind: "name" }>,
): Ranked["rank"] | undefined {
  if (order.kind === "build") return buildNumber(text, order.as);
  const version = semver.parse(text);
  const inRange = version !== null && semver.satisfies(version, order.range, { includePrerelease: order.prereleases });
  return inRange ? version : undefined;
}

function newestFirst(a: Ranked, b: Ranked): number {
  const byRank =
    typeof a.rank === "bigint" || typeof b.rank === "bigint"
      ? Number(b.rank > a.rank) - Number(b.rank < a.rank)
      : semver.compare(b.rank, a.rank);
  return byRank || (a.name < b.name ? -1 : 1);
}

import type { Written } from "../model/record.ts";
import type { Fact, Mark } from "./marks.ts";

/** A value as it stands in a file; undefined when there is no such place. */
export interface FoundValue extends Omit<Written, "value"> {
  value: string | undefined;
}

/** What files tell of the artifact that they belong to. */
export type ReadBack =
  | { kind: "facts"; facts: ReadonlyMap<string, { fact: Fact; value: string }> }
  | { kind: "unreadable"; why: string };

/** Names a fact, the same one always alike. */
export const nameOf = (fact: Fact): string => JSON.stringify(fact);

/** Nothing stands there, or an empty value. */
export const isEmpty = ({ value }: FoundValue): boolean => value === undefined || value.trim() === "";

/**
 * Reads facts back from what files say, by what was written there with marks in their place. What stands around a fact
 * must stand in the file, too, and two places must tell the same of one fact. A place that is empty tells nothing.
 */
export function readBack(written: readonly Written[], found: readonly FoundValue[], marks: readonly Mark[]): ReadBack {
  const facts = new Map<string, { fact: Fact; value: string }>();
  for (const [index, { path, selector, value: template }] of written.entries()) {
    const one = found[index];
    if (one === undefined || isEmpty(one) || one.value === undefined) continue;
    const where = `${selector} in ${path}`;
    const { pattern, order } = patternOf(template, marks);
    const match = one.value.length > longest ? null : pattern.exec(one.value);
    if (match === null) {
      return {
        kind: "unreadable",
        why: `${where} is ${JSON.stringify(one.value.slice(0, 200))}, from which nothing can be read back`,
      };
    }
    for (const [at, fact] of order.entries()) {
      const value = match[at + 1] ?? "";
      const known = facts.get(nameOf(fact));
      if (known !== undefined && known.value !== value) {
        return {
          kind: "unreadable",
          why: `${where} says ${JSON.stringify(value)}, another place ${JSON.stringify(known.value)}`,
        };
      }
      facts.set(nameOf(fact), { fact, value });
    }
  }
  return { kind: "facts", facts };
}

/** Longer values are no versions; and patterns with several variables take long on them. */
const longest = 8192;

/** What a rendered text is with facts in the place of its marks, and which they are, in the order of the groups. */
function patternOf(text: string, marks: readonly Mark[]): { pattern: RegExp; order: Fact[] } {
  const order: Fact[] = [];
  const splitter = new RegExp(`(${marks.map((mark) => mark.text).join("|") || "(?!)"})`);
  const source = text.split(splitter).map((part) => {
    const mark = marks.find((one) => one.text === part);
    if (mark === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    order.push(mark.fact);
    return `(${mark.pattern})`;
  });
  return { pattern: new RegExp(`^${source.join("")}$`), order };
}

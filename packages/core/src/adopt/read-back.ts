import type { Written } from "../model/record.ts";
import type { Fact, Mark } from "./marks.ts";

/** A value as it stands in a file; undefined when there is no such place. */
export interface FoundValue extends Omit<Written, "value"> {
  value: string | undefined;
}

/** A fact, and what files say it is. */
export type Facts = ReadonlyMap<string, { fact: Fact; value: string }>;

/** What files tell of the artifact that they belong to. */
export type ReadBack = { kind: "facts"; facts: Facts } | { kind: "unreadable"; why: string; fix?: string };

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
    const told = toldBy(one.value, template, marks);
    const shown = JSON.stringify(one.value.slice(0, 200));
    if (told === undefined) {
      return { kind: "unreadable", why: `${where} is ${shown}, from which nothing can be read back` };
    }
    if (told.length === 0 && marks.some(({ text }) => template.includes(text))) {
      return {
        kind: "unreadable",
        why: `${where} is ${shown}, which has neither the tag nor the digest of the image`,
        fix: "Write the tag or digest that runs there into the file, or name its artifact with --artifact.",
      };
    }
    for (const { fact, value } of told) {
      const known = facts.get(nameOf(fact));
      if (known !== undefined && known.value !== value) {
        return {
          kind: "unreadable",
          why: `${where} says ${JSON.stringify(value)}, another place ${JSON.stringify(known.value)}`,
          fix: "Let them say the same first: what runs there is one version.",
        };
      }
      facts.set(nameOf(fact), { fact, value });
    }
  }
  return { kind: "facts", facts };
}

/** The facts that can be read back, whatever stands in other places. */
export function factsToldBy(written: readonly Written[], found: readonly FoundValue[], marks: readonly Mark[]): Facts {
  return new Map(
    written.flatMap(({ value: template }, index) => {
      const value = found[index]?.value;
      const told = value === undefined || value.trim() === "" ? undefined : toldBy(value, template, marks);
      return (told ?? []).map((one) => [nameOf(one.fact), one] as const);
    }),
  );
}

/** Longer values are no versions; and patterns with several variables take long on them. */
const longest = 8192;

/** What a value tells; undefined when other text stands around the marks. */
function toldBy(value: string, template: string, marks: readonly Mark[]): { fact: Fact; value: string }[] | undefined {
  const { pattern, order } = patternOf(template, marks);
  const match = value.length > longest ? null : pattern.exec(value);
  if (match === null) return undefined;
  return order.flatMap((fact, at) => {
    const told = match[at + 1];
    return told === undefined ? [] : [{ fact, value: told }];
  });
}

/**
 * What a rendered text is with facts in the place of its marks, and which they are, in the order of the groups. Where a
 * reference is written, `name:tag@digest` or `name@digest`, a file may have a tag, a digest, both or none.
 */
function patternOf(text: string, marks: readonly Mark[]): { pattern: RegExp; order: Fact[] } {
  const order: Fact[] = [];
  const splitter = new RegExp(`(${marks.map((mark) => mark.text).join("|") || "(?!)"})`);
  const parts = text.split(splitter);
  const markAt = (at: number): Mark | undefined => marks.find((one) => one.text === parts[at]);
  const source: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? "";
    const mark = markAt(at);
    const reference = mark === undefined ? referenceAt(at, parts, markAt, marks) : undefined;
    if (reference !== undefined) {
      order.push(...reference.marks.map(({ fact }) => fact));
      const [tag, digest] = reference.marks;
      source.push(`${escaped(reference.before)}(?::(${tag.pattern}))?(?:@(${digest.pattern}))?`);
      at = reference.last;
    } else if (mark === undefined) source.push(escaped(part));
    else {
      order.push(mark.fact);
      source.push(`(${mark.pattern})`);
    }
  }
  return { pattern: new RegExp(`^${source.join("")}$`), order };
}

/** A reference that begins in a text: what stands before its tag, its two marks, and its last part. */
function referenceAt(
  at: number,
  parts: readonly string[],
  markAt: (at: number) => Mark | undefined,
  marks: readonly Mark[],
): { before: string; marks: [tag: Mark, digest: Mark]; last: number } | undefined {
  const text = parts[at] ?? "";
  const first = markAt(at + 1);
  const isWhole = text.endsWith(":") && first?.fact.of === "tag" && parts[at + 2] === "@";
  const last = isWhole ? at + 3 : at + 1;
  const digest = markAt(last);
  if (digest?.fact.of !== "digest" || !(isWhole || text.endsWith("@"))) return undefined;
  const { image } = digest.fact;
  const tag = marks.find(({ fact }) => fact.of === "tag" && fact.image === image);
  return tag === undefined || (isWhole && first !== tag)
    ? undefined
    : { before: text.slice(0, -1), marks: [tag, digest], last };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

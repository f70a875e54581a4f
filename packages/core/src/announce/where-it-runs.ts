import { z } from "zod";
import type { Timestamp } from "../model/names.ts";

const rowSchema = z.strictObject({
  app: z.string(),
  environment: z.string(),
  /** What people call the version. */
  version: z.string(),
  request: z.string(),
  mergedAt: z.string(),
  releasedAt: z.string(),
  /** Pages: of the commit that carries the release, and of the environment on the forge. */
  commit: z.string().optional(),
  page: z.string().optional(),
  /** What came after it: something newer that has the change as well, or something older that has it not. */
  next: z.strictObject({ version: z.string(), at: z.string(), kind: z.enum(["overtaken", "rolled-back"]) }).optional(),
});

/** Where a change runs, or ran: one place. */
export type Row = z.infer<typeof rowSchema>;

const dataSchema = z.strictObject({ schema: z.literal("glu.where.v1"), rows: z.array(rowSchema).max(200) });

/** Rows of one comment; more apps than that share no source commit. */
const mostRows = 200;

/** The rows as a comment carries them to the next run, in a place that no page shows. Nothing in them can end it. */
export function writeRows(rows: readonly Row[]): string {
  const json = JSON.stringify({ schema: "glu.where.v1", rows });
  const quiet = json.replace(/[<>&]|-(?=-)/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `<!-- glu:where ${quiet} -->`;
}

/**
 * The rows of the comments that there are: one, or several that runs wrote at the same moment, which know of different
 * places. None where none can be read.
 */
export function readRows(said: readonly string[]): Row[] {
  const [first = [], ...others] = said.map(rowsIn);
  return others.reduce((all, more) => more.reduce(withKnown, all), first);
}

/** With a row of another comment, unless what is there is newer, or tells more of the same. */
function withKnown(rows: Row[], row: Row): Row[] {
  const known = rows.find(isAt(row));
  if (known === undefined) return [...rows, row];
  const isOlder = known.request !== row.request && known.releasedAt < row.releasedAt;
  const tellsLess = known.request === row.request && known.next === undefined && row.next !== undefined;
  return isOlder || tellsLess ? rows.map((one) => (one === known ? row : one)) : rows;
}

function rowsIn(said: string): Row[] {
  const json = /<!-- glu:where (\{[^\n]*?\}) -->/.exec(said)?.[1];
  if (json === undefined) return [];
  try {
    return dataSchema.parse(JSON.parse(json)).rows;
  } catch {
    // Somebody changed it: what runs where is told anew.
    return [];
  }
}

/** Characters of a comment that every forge takes: GitHub takes 65,536, of which the mark needs some. */
const longest = 65_000;

/**
 * The comment on these rows: what people read, and the rows. Where there are more than it has room for, such as those of
 * an app repository of many apps, the oldest are left out.
 * @param text what people read of rows
 * @returns how many were left out as well
 */
export function commentOf(all: readonly Row[], text: (rows: readonly Row[]) => string): { body: string; left: number } {
  const write = (rows: readonly Row[]) => `${text(rows).trimEnd()}\n\n${writeRows(rows)}`;
  const oldestFirst = [...all].sort((a, b) => (a.releasedAt < b.releasedAt ? -1 : 1));
  const without = (left: number): Row[] => {
    const out = new Set(oldestFirst.slice(0, left));
    return all.filter((row) => !out.has(row));
  };
  let left = Math.max(0, all.length - mostRows);
  let body = write(without(left));
  while (body.length > longest && left < all.length - 1) {
    // As many as are too much, by what a row needs on average.
    left = Math.min(all.length - 1, left + Math.max(1, Math.floor((1 - longest / body.length) * (all.length - left))));
    body = write(without(left));
  }
  return { body, left };
}

const isAt =
  ({ app, environment }: Pick<Row, "app" | "environment">) =>
  (row: Row): boolean =>
    row.app === app && row.environment === environment;

/** With what has arrived in a place. Of the same release what is known stays; of an older one nothing is told. */
export function withArrival(rows: readonly Row[], row: Row): Row[] {
  const known = rows.find(isAt(row));
  if (known?.request === row.request) return rows.map((one) => (one === known ? { ...row, ...known } : one));
  if (known !== undefined && known.releasedAt > row.releasedAt) return [...rows];
  return [...rows.filter((one) => one !== known), row];
}

/** With what came after a release, where the comment tells of it. */
export function withNext(
  rows: readonly Row[],
  place: Pick<Row, "app" | "environment">,
  next: { version: string; at: Timestamp | string; kind: "overtaken" | "rolled-back"; request: string },
): Row[] {
  const { version, at, kind, request } = next;
  return rows.map((row) => {
    if (!isAt(place)(row) || row.request === request || row.releasedAt > at) return row;
    return { ...row, next: { version, at, kind } };
  });
}

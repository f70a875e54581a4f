import fc from "fast-check";
import { expect, it } from "vitest";
import { commentOf, type Row, readRows, withArrival, withNext, writeRows } from "./where-it-runs.ts";

const at = (hour: number) => `2026-11-28T${String(hour).padStart(2, "0")}:00:00.000Z`;
const row = (request: string, hour: number, more: Partial<Row> = {}): Row => ({
  app: "web",
  environment: "production",
  version: request,
  request,
  mergedAt: at(1),
  releasedAt: at(hour),
  ...more,
});

it("rows come back from a comment as they were written, whatever is in them, and nothing can end it", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const any = fc.oneof(text, fc.constantFrom("-->", "--!>", "<!-- glu:where {} -->", "]]>", "\n\n/close\n", "&lt;"));
  fc.assert(
    fc.property(fc.array(fc.record({ app: any, version: any, request: any })), (all) => {
      const rows = all.map((one) => row("r", 2, one));
      const comment = writeRows(rows);
      expect(comment.slice(4, -3)).not.toMatch(/-->|--!>|<|\n/);
      expect(readRows([`A table.\n\n${comment}\n\n<!-- glu:comment where-it-runs -->`])).toEqual(rows);
    }),
  );
});

it.each([1, 60, 150, 400])("a comment on %i places is one that GitHub takes, with the newest of them", (count) => {
  const long = "https://github.com/a-rather-long-organisation/deployments/commit/".padEnd(110, "a");
  const rows = Array.from({ length: count }, (_, index) =>
    row(`${index}`.padStart(64, "0"), 2, {
      ...{ app: `app-number-${index}`, commit: long, page: long },
      releasedAt: new Date(Date.UTC(2026, 10, 1, 0, (index * 7) % count)).toISOString(),
    }),
  );
  const text = (all: readonly Row[]) => all.map(({ app }) => `| [${app}](<${long}>) | [1.0.0](<${long}>) |`).join("\n");
  const { body, left } = commentOf(rows, text);
  expect(body.length).toBeLessThanOrEqual(65_000);
  const kept = readRows([body]);
  expect(kept).toHaveLength(count - left);
  expect(left === 0).toBe(count <= 60);
  const newest = [...rows].sort((a, b) => (a.releasedAt > b.releasedAt ? -1 : 1)).slice(0, kept.length);
  expect(new Set(kept.map(({ app }) => app))).toEqual(new Set(newest.map(({ app }) => app)));
  // It has room for what it holds, and not for much more.
  expect(left === 0 || body.length > 50_000).toBe(true);
});

it("a comment that somebody changed has no rows", () => {
  for (const said of [
    "",
    "Hello",
    "<!-- glu:where {} -->",
    '<!-- glu:where {"schema":"glu.where.v2","rows":[]} -->',
    "<!-- glu:where {not json} -->",
  ]) {
    expect(readRows([said])).toEqual([]);
  }
  expect(readRows([])).toEqual([]);
});

it("comments that were written at the same moment have the rows of all, of a place the newest", () => {
  const next = { version: "v4", at: at(4), kind: "overtaken" as const };
  const staging = row("r1", 2, { environment: "staging" });
  const read = (...all: Row[][]) => readRows(all.map((rows) => writeRows(rows)));
  expect(read([row("r1", 2)], [staging])).toEqual([row("r1", 2), staging]);
  expect(read([row("r1", 2)], [row("r2", 3), staging])).toEqual([row("r2", 3), staging]);
  expect(read([row("r2", 3)], [row("r1", 2)])).toEqual([row("r2", 3)]);
  expect(read([row("r1", 2)], [row("r1", 2, { next })])).toEqual([row("r1", 2, { next })]);
  expect(read([row("r1", 2, { next })], [row("r1", 2)])).toEqual([row("r1", 2, { next })]);
});

it("of a place there is one row: the newest release, and of the same what is known", () => {
  const first = withArrival([], row("r1", 2));
  expect(withArrival(first, row("r1", 2))).toEqual(first);
  expect(withArrival(first, row("r2", 3))).toEqual([row("r2", 3)]);
  expect(withArrival([row("r2", 3)], row("r1", 2))).toEqual([row("r2", 3)]);
  expect(withArrival(first, row("r1", 2, { app: "api" }))).toHaveLength(2);
  const next = { version: "r2", at: at(3), kind: "overtaken" as const };
  const overtaken = [row("r1", 2, { next })];
  expect(withArrival(overtaken, row("r1", 2))).toEqual(overtaken);
});

it("what came after is told in its place alone, and not of itself or of what is newer", () => {
  const rows = [row("r1", 2), row("r1", 2, { environment: "staging" })];
  const next = { version: "v2", at: at(3), kind: "rolled-back" as const, request: "r2" };
  const place = { app: "web", environment: "production" };
  expect(withNext(rows, place, next)).toEqual([
    { ...rows[0], next: { version: "v2", at: at(3), kind: "rolled-back" } },
    rows[1],
  ]);
  expect(withNext(rows, place, { ...next, request: "r1" })).toEqual(rows);
  expect(withNext([row("r3", 4)], place, next)).toEqual([row("r3", 4)]);
});

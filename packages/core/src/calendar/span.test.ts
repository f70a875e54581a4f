import fc from "fast-check";
import { expect, it } from "vitest";
import { remembered, type Span, union, without } from "./span.ts";

const within = { start: 0, end: 40 };
const span = fc.tuple(fc.integer({ min: -5, max: 45 }), fc.nat(12)).map(([start, length]) => ({
  start,
  end: start + length,
}));
const spans = fc.array(span, { maxLength: 8 });
const covers = (all: readonly Span[], at: number) => all.some(({ start, end }) => start <= at && at < end);
const isApart = (all: readonly Span[]) =>
  all.every(({ start, end }, index) => start < end && (index === 0 || start > (all[index - 1] as Span).end));

it("a union covers what any covers, in order, apart, and inside", () => {
  fc.assert(
    fc.property(spans, (all) => {
      const merged = union(all, within);
      expect(isApart(merged)).toBe(true);
      for (let at = -6; at < 60; at++) {
        expect(covers(merged, at)).toBe(covers(all, at) && at >= within.start && at < within.end);
      }
    }),
  );
});

it("without leaves what the others do not cover", () => {
  fc.assert(
    fc.property(spans, spans, (some, others) => {
      const [kept, taken] = [union(some, within), union(others, within)];
      const left = without(kept, taken);
      expect(isApart(left)).toBe(true);
      for (let at = 0; at < 40; at++) expect(covers(left, at)).toBe(covers(kept, at) && !covers(taken, at));
    }),
  );
});

it("what is remembered is what reaches into a time, however often and in whatever order it is asked", () => {
  const day = 86_400_000;
  const long = fc.tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: 1, max: 90 }));
  const lists = fc.array(
    long.map(([start, length]) => ({ start: start * day, end: (start + length) * day })),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(lists, fc.array(long, { maxLength: 6 }), (all, questions) => {
      let asked = 0;
      const starting = (within: Span) => {
        asked++;
        return all.filter(({ start }) => within.start <= start && start < within.end);
      };
      const spans = remembered(starting, 90 * day);
      const byStart = (some: Span[]) => [...some].sort((a, b) => a.start - b.start || a.end - b.end);
      for (const [start, length] of [...questions, ...questions]) {
        const within = { start: start * day, end: (start + length) * day };
        const reaching = all.filter((one) => one.start < within.end && one.end > within.start);
        expect(byStart(spans(within))).toEqual(byStart(reaching));
      }
      const once = asked;
      for (const [start, length] of questions) spans({ start: start * day, end: (start + length) * day });
      expect(asked).toBe(once);
    }),
  );
});

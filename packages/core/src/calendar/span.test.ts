import fc from "fast-check";
import { expect, it } from "vitest";
import { type Span, union, without } from "./span.ts";

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

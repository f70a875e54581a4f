import { z } from "zod";

/** What every number has to be. */
export const boundFields = {
  min: z.number().optional().describe("The smallest number that is good."),
  max: z.number().optional().describe("The largest number that is good."),
  above: z.number().optional().describe("What every number has to be larger than."),
  below: z.number().optional().describe("What every number has to be smaller than."),
  equals: z.number().optional().describe("The only number that is good."),
};

const bounds = z.object(boundFields);
export type Bounds = z.infer<typeof bounds>;

export const isBounded = ({ min, max, above, below, equals }: Bounds): boolean =>
  [min, max, above, below, equals].some((one) => one !== undefined);

/** NaN is in no bounds. */
export function isWithin(value: number, { min, max, above, below, equals }: Bounds): boolean {
  if (Number.isNaN(value)) return false;
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below) &&
    (equals === undefined || value === equals)
  );
}

/** Whether there is no number that is within. */
export function isImpossible(given: Bounds): boolean {
  const { min, max, above, below, equals } = given;
  if (equals !== undefined) return !isWithin(equals, given);
  const low = Math.max(min ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(max ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  return low > high || (low === high && !isWithin(low, given));
}

export function describeBounds({ min, max, above, below, equals }: Bounds): string {
  return [
    ...(equals === undefined ? [] : [String(equals)]),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(" and ");
}

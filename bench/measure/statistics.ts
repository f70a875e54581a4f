/** The middle of some numbers; of an even count the lower one of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** What some runs took: the minimum says what it costs, the median what it is like on a machine with other work. */
export interface Spread {
  min: number;
  median: number;
}

export const spread = (values: readonly number[]): Spread => ({ min: Math.min(...values), median: median(values) });

/** The times of a query over a time, in milliseconds since the epoch. */
export interface Steps {
  from: number;
  to: number;
  step: number;
}

const second = 1000;
/** Fewer points than a server gives at most (11,000), and as close as most are scraped. */
const mostPoints = 500;
const usualStep = 15 * second;

/** Every 15 seconds until now; for a short time more often, for a long one 500 times. The last of them is now. */
export function stepsOf({ from, to, over }: { from: number; to: number; over: number }): Steps {
  const step = Math.max(
    second,
    Math.ceil(Math.max(Math.min(usualStep, over / 10), over / mostPoints) / second) * second,
  );
  const count = Math.max(0, Math.floor((to - from) / step));
  return { from: to - count * step, to, step };
}

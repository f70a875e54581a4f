import { setTimeout } from "node:timers/promises";
import type { Clock } from "@glu/core";

/** The machine's clock and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => setTimeout(milliseconds),
  random: () => Math.random(),
};

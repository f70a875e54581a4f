import type { Environment } from "../model/pipeline.ts";

// Others that count as a person or a proof (verification) are named here when they are built.
const safeguards = ["soak", "approval"];

/**
 * Whether what comes there by itself has run somewhere before, or need not have: only in tier `production` automation
 * must be held back, by an upstream and a gate that takes its time.
 */
export const isSafeByItself = ({ tier, from, gates }: Environment): boolean =>
  tier !== "production" || (from !== undefined && gates.some(({ name }) => safeguards.includes(name)));

import type { Environment } from "../model/pipeline.ts";

// Others that count as a person or a proof (verification) are named here when they are built.
const safeguards = ["soak", "approval"];

/**
 * Whether what comes there by itself has run somewhere before, or need not have: only in tier `production` automation
 * must be held back, by an upstream, and by a gate that takes its time or by people who merge it.
 */
export const isSafeByItself = ({ tier, from, gates, propose }: Environment): boolean =>
  tier !== "production" ||
  (from !== undefined && (isMergedByPeople(propose) || gates.some(({ name }) => safeguards.includes(name))));

const isMergedByPeople = (propose: Environment["propose"]): boolean =>
  propose !== undefined && propose.autoMerge !== true;

import type { Environment } from "../model/pipeline.ts";

const safeguards = ["soak", "approval"];

/**
 * Whether what comes there by itself has run somewhere before, or need not have: only in tier `production` automation
 * must be held back, by an upstream, and by a gate that takes its time, by people who merge it, or by what is verified
 * upstream.
 */
export const isSafeByItself = ({ tier, from, gates, propose }: Environment): boolean =>
  tier !== "production" ||
  (from !== undefined &&
    (isVerified(from) || isMergedByPeople(propose) || gates.some(({ name }) => safeguards.includes(name))));

/** Whether nothing comes from upstream that was not verified there. */
const isVerified = ({ mode, environments, counts }: NonNullable<Environment["from"]>): boolean => {
  const verified = environments.filter((name) => counts?.get(name) === "healthy");
  return mode === "any" ? verified.length === environments.length : verified.length > 0;
};

const isMergedByPeople = (propose: Environment["propose"]): boolean =>
  propose !== undefined && propose.autoMerge !== true;

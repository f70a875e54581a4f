import type { Verified } from "./verify-releases.ts";

/** Whether a run found that a release failed: then it fails, too. */
export const newlyFailed = (verified: readonly Pick<Verified, "isNews" | "release">[]): boolean =>
  verified.some(({ isNews, release }) => isNews && release.state === "failed");

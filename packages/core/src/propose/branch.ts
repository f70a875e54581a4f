import { createHash } from "node:crypto";
import { type AppName, type EnvName, type RefName, refName } from "../model/names.ts";

/** Apps that a branch's name lists; of more it has a digest. */
const mostNamed = 3;

/**
 * The branch of a proposal: `glu/<environment>/<app>`; of apps that move together their names joined by `+`, and of many
 * how many there are with a digest of their names. The same apps have the same branch.
 */
export function proposalBranch(environment: EnvName, apps: readonly AppName[]): RefName {
  const names = [...new Set(apps)].sort();
  const digest = () => createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 12);
  // No app's name has a plus.
  const last = names.length <= mostNamed ? names.join("+") : `${names.length}+${digest()}`;
  return refName(`refs/heads/glu/${environment}/${last}`);
}

/** Of which environment the branch of a proposal is; undefined for a branch that no proposal has. */
export function environmentOfBranch(branch: RefName): string | undefined {
  return /^refs\/heads\/glu\/([^/]+)\/[^/]+$/.exec(branch)?.[1];
}

import { type ConfigRepository, shortRef } from "@glu/core";
import { repositoryNameOf } from "../repositories/locate.ts";
import type { Surroundings } from "../surroundings.ts";

/**
 * Why gates are advice here; undefined where they bind. They bind only where the credential that can write the config
 * branch is: CI of the config repository itself, from the config branch or the default branch. An app's pipeline that
 * holds a write token, or a workflow as somebody changed it on a branch of their own, could as well push past them.
 */
export function whyAdvisory(
  { location, branch }: ConfigRepository,
  { context }: Surroundings,
): "repository" | "branch" | undefined {
  if (context.host === "terminal") return undefined;
  if (repositoryNameOf(location, context.serverUrl)?.toLowerCase() !== context.repository.toLowerCase())
    return "repository";
  const { branch: own, defaultBranch } = context.run;
  return own !== undefined && (own === shortRef(branch) || own === defaultBranch) ? undefined : "branch";
}

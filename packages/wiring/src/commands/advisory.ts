import type { ConfigRepository } from "@glu/core";
import { repositoryNameOf } from "../repositories/locate.ts";
import type { Surroundings } from "../surroundings.ts";

/**
 * Whether gates are advice here: they bind only where the credential that can write the config branch is, which is CI
 * of the config repository itself. An app's pipeline that holds a write token could as well push past them.
 */
export function isAdvisory({ location }: ConfigRepository, { context }: Surroundings): boolean {
  if (context.host === "terminal") return false;
  return repositoryNameOf(location)?.toLowerCase() !== context.repository.toLowerCase();
}

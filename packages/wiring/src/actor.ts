import type { Actor } from "@glu/core";
import { verifiedActor } from "@glu/forges";
import type { Surroundings } from "./surroundings.ts";

/**
 * Who asked, as the forge says. GitLab's variables can be set by whoever starts a pipeline, so there the job's own
 * token is asked; where that is not possible the name stays unverified.
 */
export async function actorOf({ context, env, clock }: Surroundings): Promise<Actor> {
  if (context.host !== "gitlab" || context.apiUrl === undefined) return context.actor;
  const verified = await verifiedActor(
    { apiUrl: context.apiUrl, clock, timeout: 5_000, limits: { attempts: 2, base: 200, longest: 1_000 } },
    env.CI_JOB_TOKEN ?? "",
  );
  return verified ?? context.actor;
}

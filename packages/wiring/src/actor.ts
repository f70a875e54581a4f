import type { Actor, SourceRepository } from "@glu/core";
import { verifiedActor } from "@glu/forges";
import type { Surroundings } from "./surroundings.ts";

/**
 * Who asked, as the forge says. GitLab's variables can be set by whoever starts a pipeline, so there the job's own
 * token is asked; where that is not possible the name stays unverified. In a terminal it is whom Git knows.
 */
export async function actorOf({ context, env, clock }: Surroundings, source: SourceRepository): Promise<Actor> {
  if (context.host === "terminal" && !env.GIT_AUTHOR_NAME) {
    return { name: (await source.user()) ?? context.actor.name, verified: false };
  }
  if (context.host !== "gitlab" || context.apiUrl === undefined) return context.actor;
  const verified = await verifiedActor(
    { apiUrl: context.apiUrl, clock, timeout: 5_000, limits: { attempts: 2, base: 200, longest: 1_000 } },
    env.CI_JOB_TOKEN ?? "",
  );
  return verified ?? context.actor;
}

import { type Actor, OutsideError, type SourceRepository } from "@glu/core";
import { fetchOf } from "./outside-fetch.ts";
import { remoteOfCheckout, serverOfCheckout } from "./own-server.ts";
import { hostOf } from "./repositories/token.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Who asked, as the forge says. GitLab's variables can be set by whoever starts a pipeline, so there the API is asked by
 * the job's own token: at the address that the job's repository was checked out from, and only when the config
 * repository lies on the same server. Else the name stays unverified. In a terminal it is whom Git knows.
 * @param location the config repository's
 */
export async function actorOf(
  { context, env, clock, calls }: Surroundings,
  source: SourceRepository,
  location: string,
): Promise<Actor> {
  if (context.host === "terminal" && !env.GIT_AUTHOR_NAME) {
    return { name: (await source.user()) ?? context.actor.name, verified: false };
  }
  if (context.host !== "gitlab") return context.actor;
  const server = serverOfCheckout(await remoteOfCheckout(source), context.repository);
  if (server === undefined || !isOn(server, location)) return context.actor;
  const { createActors } = await import("@glu/forges");
  const jobToken = env.CI_JOB_TOKEN;
  if (!jobToken) return context.actor;
  const actors = createActors(
    {
      forge: "gitlab",
      repository: context.repository,
      token: jobToken,
      apiUrl: `${server}/api/v4`,
      clock,
      fetch: fetchOf(env),
      calls,
      timeout: 5_000,
      limits: { attempts: 2, base: 200, longest: 1_000 },
    },
    { run: undefined, jobToken },
  );
  try {
    return (await actors.startedBy(new AbortController().signal)) ?? context.actor;
  } catch (error) {
    // The name stays unverified, which is what it was before; nothing else depends on this call.
    if (error instanceof OutsideError) return context.actor;
    throw error;
  }
}

function isOn(server: string, location: string): boolean {
  const { origin, hostname } = new URL(server);
  return /^https?:/i.test(location) ? new URL(location).origin === origin : hostOf(location) === hostname;
}

import { type Actors, type ApiCalls, type Clock, noOutside, type RetryLimits, type WorkflowRunner } from "@glu/core";
import { fetchOf } from "./outside-fetch.ts";
import { type ForgePlace, forgeAt } from "./repositories/forge-at.ts";
import { credentialsFor, hostOf, type Token } from "./repositories/token.ts";
import type { Surroundings } from "./surroundings.ts";
import { whenCalled } from "./when-called.ts";

/**
 * What a run asks its forge with.
 * @param location the config repository's: a token that was given for another server is not sent to the job's forge
 */
export interface ForgeAccess {
  surroundings: Surroundings;
  token: Token;
  location: string;
}

/** Workflows and pipelines of the forge that the run is on, loaded when they are first asked. */
export function workflowsOf(access: ForgeAccess): WorkflowRunner {
  return whenCalled(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.workflows;
    const { createWorkflowRunner } = await import("@glu/forges");
    return createWorkflowRunner(asking);
  }, ["find", "start"]);
}

/** Who is in the teams of the forge that the run is on, loaded when it is first asked. */
export function actorsOf(access: ForgeAccess): Pick<Actors, "isIn"> {
  return whenCalled(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.actors;
    const { createActors } = await import("@glu/forges");
    return createActors(asking);
  }, ["isIn"]);
}

/**
 * How the forge of the run is asked: at a terminal, and for an App, the one that the config repository lies on.
 * undefined where none is known.
 */
export function askingOf({ surroundings, token, location }: ForgeAccess): Asking | undefined {
  const { context, clock, env, logger, calls } = surroundings;
  const { host, serverUrl, apiUrl, repository } = context;
  const notice = (text: string) => logger.notice(text);
  const base = { clock, limits, calls, notice };
  const place = token.app?.placeOf(location, surroundings);
  if (token.app !== undefined && place !== undefined) {
    return {
      ...base,
      forge: place.forge,
      apiUrl: place.apiUrl,
      repository: place.repository,
      ...token.app.asking(place, surroundings),
    };
  }
  if (host === "terminal") {
    const near = forgeAt(location, context, env);
    return near && { ...base, ...near, token: token.value, fetch: fetchOf(env) };
  }
  if (serverUrl === undefined || apiUrl === undefined) return undefined;
  const isForHere = token.source === "host" || hostOf(location) === new URL(serverUrl).host;
  const credentials = isForHere ? credentialsFor(serverUrl, token, serverUrl) : undefined;
  return { ...base, forge: host, apiUrl, repository, token: credentials?.token, fetch: fetchOf(env) };
}

/** The forge that a location lies on, as far as it is known; where an App is given, any GitHub. */
export function placeOf({ surroundings, token }: ForgeAccess, location: string): ForgePlace | undefined {
  const { context, env } = surroundings;
  return token.app?.placeOf(location, surroundings) ?? forgeAt(location, context, env);
}

/** How the forge of the run is asked about another repository on it; undefined for what lies elsewhere. */
export function askingAt(access: ForgeAccess, location: string): Asking | undefined {
  const { surroundings, token } = access;
  const asking = askingOf(access);
  const place = placeOf(access, location);
  if (asking === undefined || place === undefined || place.apiUrl !== asking.apiUrl) return undefined;
  const { forge, repository } = place;
  return { ...asking, repository, ...(forge === "github" ? token.app?.asking(place, surroundings) : undefined) };
}

/** What forges are asked with. */
interface Asking {
  forge: "github" | "gitlab" | "gitea";
  apiUrl: string;
  repository: string;
  token: string | undefined;
  clock: Clock;
  limits: RetryLimits;
  fetch: typeof fetch;
  calls: ApiCalls | undefined;
  notice(text: string): void;
}

/**
 * A gate is asked again by the next run, so a server that is out of order is not waited for as long as for a promotion. A
 * limit by the minute is: GitLab's, and GitHub's secondary ones.
 */
const limits = { attempts: 4, base: 500, longest: 60_000 };

import { noOutside, type Teams, type WorkflowRunner } from "@glu/core";
import { once } from "./once.ts";
import { credentialsFor, hostOf, type Token } from "./repositories/token.ts";
import type { Surroundings } from "./surroundings.ts";

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
  const open = once(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.workflows;
    const { createWorkflowRunner } = await import("@glu/forges");
    return createWorkflowRunner(asking);
  });
  return {
    find: async (...question) => (await open()).find(...question),
    start: async (...question) => (await open()).start(...question),
  };
}

/** Teams of the forge that the run is on, loaded when they are first asked. */
export function teamsOf(access: ForgeAccess): Teams {
  const open = once(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.teams;
    const { createTeams } = await import("@glu/forges");
    return createTeams(asking);
  });
  return { has: async (...question) => (await open()).has(...question) };
}

/**
 * How the forge of the run is asked; undefined at a terminal, where none is known to be this run's.
 */
export function askingOf({ surroundings: { context, clock }, token, location }: ForgeAccess) {
  const { host, serverUrl, apiUrl, repository } = context;
  if (host === "terminal" || serverUrl === undefined || apiUrl === undefined) return undefined;
  const isForHere = token.source === "host" || hostOf(location) === new URL(serverUrl).host;
  const credentials = isForHere ? credentialsFor(serverUrl, token, serverUrl) : undefined;
  // A gate is asked again by the next run, so it is not waited for as long as a promotion is.
  const limits = { attempts: 4, base: 500, longest: 15_000 };
  return { forge: host, apiUrl, repository, token: credentials?.token, clock, limits };
}

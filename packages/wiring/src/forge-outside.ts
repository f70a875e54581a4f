import { noOutside, type Teams, type WorkflowRunner } from "@glu/core";
import { repositoryNameOf } from "./repositories/locate.ts";
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

/** Teams of the forge that the run is on, loaded when they are first asked. */
export function teamsOf(access: ForgeAccess): Teams {
  return whenCalled(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.teams;
    const { createTeams } = await import("@glu/forges");
    return createTeams(asking);
  }, ["has"]);
}

/**
 * How the forge of the run is asked; undefined at a terminal, where none is known to be this run's.
 */
export function askingOf({ surroundings: { context, clock, logger }, token, location }: ForgeAccess) {
  const { host, serverUrl, apiUrl, repository } = context;
  if (host === "terminal" || serverUrl === undefined || apiUrl === undefined) return undefined;
  const isForHere = token.source === "host" || hostOf(location) === new URL(serverUrl).host;
  const credentials = isForHere ? credentialsFor(serverUrl, token, serverUrl) : undefined;
  // A gate is asked again by the next run, so it is not waited for as long as a promotion is.
  const limits = { attempts: 4, base: 500, longest: 15_000 };
  const notice = (text: string) => logger.notice(text);
  return { forge: host, apiUrl, repository, token: credentials?.token, clock, limits, notice };
}

/** How the forge of the run is asked about another repository on it; undefined for what lies elsewhere. */
export function askingAt(access: ForgeAccess, location: string) {
  const asking = askingOf(access);
  const { serverUrl } = access.surroundings.context;
  const repository = repositoryNameOf(location, serverUrl);
  if (asking === undefined || serverUrl === undefined || repository === undefined) return undefined;
  return hostOf(location) === new URL(serverUrl).host ? { ...asking, repository } : undefined;
}

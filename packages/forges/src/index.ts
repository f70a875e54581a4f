export { dispatchType } from "./github.ts";
export type { ForgeConnection } from "./http.ts";
export { createProposals } from "./proposals/create-proposals.ts";
export { createReleases, type ReleasesConnection } from "./releases.ts";
export { createRequests, type RequestsOptions } from "./requests.ts";
export { type ForgeName, forgeNames, parseTarget, type RequestTarget } from "./target.ts";
export { createTeams } from "./teams/create-teams.ts";
export { verifiedActor } from "./verified-actor.ts";
export { createWorkflowRunner } from "./workflows/create-workflow-runner.ts";

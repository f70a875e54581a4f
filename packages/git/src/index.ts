export { type GitConfigRepositoryOptions, openConfigRepository } from "./config/git-config-repository.ts";
export type { Credentials } from "./process/authorization.ts";
export type { Environment } from "./process/environment.ts";
export type { GitRemoteOptions } from "./remote/git-commands.ts";
export { type Location, parseLocation } from "./remote/location.ts";

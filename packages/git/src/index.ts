export { type GitConfigRepositoryOptions, openConfigRepository } from "./config/git-config-repository.ts";
export type { Credentials } from "./process/authorization.ts";
export type { Environment } from "./process/environment.ts";
export { isGitNewEnough, minimumGitVersion } from "./process/minimum-version.ts";
export { readDefaultBranch } from "./remote/default-branch.ts";
export type { GitRemoteOptions } from "./remote/git-commands.ts";
export { type Location, parseLocation } from "./remote/location.ts";
export { openSourceRepository, type SourceRepositoryOptions } from "./source/git-source-repository.ts";
export { type GitArtifactStoreOptions, openArtifactStore } from "./store/git-artifact-store.ts";

import { type ArtifactStore, defaultArtifactRefs, refName } from "@glu/core";
import { takeRemote } from "../remote/open-remote.ts";
import type { GitRemoteOptions, Remote } from "../remote/remote.ts";

export interface GitArtifactStoreOptions extends GitRemoteOptions {
  /** One that is lent, and stays open: the same repository may be the config repository as well. */
  remote?: Remote;
  /** What the refs begin with; default `refs/glu/artifacts`. Under `refs/heads/` for servers that allow nothing else. */
  base?: string;
}

/**
 * Loads what the store is made of, which is large. Ahead of its first use when the store is to be asked in the same turn
 * of the event loop as something else, so that one request answers both.
 */
export const loadArtifactStore = () => import("./git-artifact-store.ts");

/**
 * Opens the artifacts in a Git repository. Their schema is large, so it is loaded with the store.
 * @throws UserError `repository/location`, `repository/credentials-in-url`, `input/ref`; the server is asked later only
 */
export async function openArtifactStore(options: GitArtifactStoreOptions): Promise<ArtifactStore> {
  const base = refName(options.base ?? defaultArtifactRefs);
  const { GitArtifactStore } = await loadArtifactStore();
  const { remote, close } = await takeRemote(options);
  return new GitArtifactStore(remote, base, options, close);
}

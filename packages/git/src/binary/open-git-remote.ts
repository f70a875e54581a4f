import type { GitRemoteOptions } from "../remote/remote.ts";
import type { GitRemote } from "./git-remote.ts";

/** Opens a remote by the git binary. What that takes is loaded now: most runs get by without it. */
export async function openGitRemote(options: GitRemoteOptions): Promise<GitRemote> {
  const { GitRemote } = await import("./git-remote.ts");
  return GitRemote.open(options);
}

import { openGitRemote } from "../binary/open-git-remote.ts";
import { parseLocation } from "./location.ts";
import { PreferWire } from "./prefer-wire.ts";
import type { GitRemoteOptions, Remote } from "./remote.ts";

/**
 * Opens a remote the best way that fits: the wire for HTTP(S), which takes the git binary where it does not fit after
 * all; the binary for everything else, or where `GLU_TRANSPORT=git` asks for it. The server is asked later only.
 * @throws UserError `repository/location`, `repository/credentials-in-url`
 */
export async function openRemote(options: GitRemoteOptions): Promise<Remote> {
  const { kind, url } = parseLocation(options.location, options.cwd ?? ".");
  if (kind !== "http" || options.env.GLU_TRANSPORT === "git") return openGitRemote(options);
  const remote = new PreferWire({ ...options, url });
  await remote.prepare();
  return remote;
}

/** The remote that is lent, or one that is opened here and closed with what stands on it. */
export async function takeRemote(
  options: GitRemoteOptions & { remote?: Remote },
): Promise<{ remote: Remote; close(): Promise<void> }> {
  if (options.remote !== undefined) return { remote: options.remote, close: async () => {} };
  const remote = await openRemote(options);
  return { remote, close: async () => remote[Symbol.asyncDispose]() };
}

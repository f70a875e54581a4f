import type { GitRemoteOptions } from "./git-commands.ts";
import { GitRemote } from "./git-remote.ts";
import { parseLocation } from "./location.ts";
import { PreferWire } from "./prefer-wire.ts";
import type { Remote } from "./remote.ts";

/**
 * Opens a remote the best way that fits: the wire for HTTP(S), which takes the git binary where it does not fit after
 * all; the binary for everything else, or where `GLU_TRANSPORT=git` asks for it.
 */
export async function openRemote(options: GitRemoteOptions): Promise<Remote> {
  const { kind, url } = parseLocation(options.location, options.cwd ?? ".");
  if (kind !== "http" || options.env.GLU_TRANSPORT === "git") return GitRemote.open(options);
  return new PreferWire({ ...options, url });
}

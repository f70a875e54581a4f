import { readFile } from "node:fs/promises";
import { GluError } from "@glu/core";
import { type CallerConfig, openCallerConfig } from "../commits/caller-config.ts";
import { type CommitSettings, readCommitSettings } from "../commits/identity.ts";
import type { Environment } from "../process/environment.ts";
import { WireUnfit } from "./wire-unfit.ts";

/** What the machine's Git configuration says, as far as the wire keeps to it. */
export interface WireSettings extends CommitSettings {
  /** Certificate authorities in PEM that replace those of Node. */
  authorities: Buffer | undefined;
}

/** Settings of HTTP that change nothing here: the wire has its own ways, or the token's header takes their place. */
const indifferent =
  /^http\.(?:.*\.)?(?:extraheader|sslcainfo|lowspeedlimit|lowspeedtime|postbuffer|version|followredirects|useragent|maxrequests|minsessions|emptyauth|sslbackend|schannel.*)$/;

/**
 * Reads Git's configuration where the caller stands, as the git binary would for this URL. Nothing is asked of a server.
 * @throws WireUnfit when it has commits signed, sends the URL elsewhere, or has settings of HTTP that only Git knows
 */
export async function readWireSettings(
  url: string,
  caller: { env: Environment; cwd?: string; callerConfig?: CallerConfig },
): Promise<WireSettings> {
  const { env, callerConfig = openCallerConfig(caller) } = caller;
  const configured = await callerConfig().catch((error: unknown) => {
    // Without Git there is no configuration.
    if (error instanceof GluError && error.code === "git/not-found") return { text: "", inWorkingCopy: false };
    throw error;
  });
  const settings = readCommitSettings(configured, env);
  if (settings.sign) throw new WireUnfit("Git is configured to sign commits.");
  const entries = configured.text.split("\0").map((entry) => entry.split("\n"));
  for (const [key = "", value = ""] of entries) {
    const away = /^url\..*\.(?:push)?insteadof$/.test(key) && url.startsWith(value);
    if (away || (key.startsWith("http.") && !indifferent.test(key))) throw new WireUnfit(`Git has ${key} configured.`);
  }
  if (env.GIT_SSL_NO_VERIFY) throw new WireUnfit("GIT_SSL_NO_VERIFY is set.");
  const file =
    env.GIT_SSL_CAINFO || env.SSL_CERT_FILE || entries.findLast(([key]) => key === "http.sslcainfo")?.[1] || undefined;
  return { ...settings, authorities: file === undefined ? undefined : await readFile(file).catch(() => undefined) };
}

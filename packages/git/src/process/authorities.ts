import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { type CallerConfig, openCallerConfig } from "../commits/caller-config.ts";
import type { Environment } from "./environment.ts";

/** Where systems keep the certificates that Git trusts: Debian and Alpine, Red Hat, SUSE, BSD and macOS. */
const systemFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * What makes the git binary trust the authorities that `NODE_EXTRA_CA_CERTS` adds to Node's, so that one variable serves
 * everything: Git knows only a file that takes the place of the system's, so one with both is written.
 * Git's own settings, where there are any, stay what counts for it.
 * @param folder an existing one, for the file
 */
export async function trustedByGit(
  folder: string,
  caller: { env: Environment; cwd?: string; callerConfig?: CallerConfig },
): Promise<Record<string, string>> {
  const { NODE_EXTRA_CA_CERTS: extra, GIT_SSL_CAINFO, GIT_SSL_CAPATH } = caller.env;
  if (!extra || GIT_SSL_CAINFO || GIT_SSL_CAPATH) return {};
  const { text } = await (caller.callerConfig ?? openCallerConfig(caller))();
  if (text.split("\0").some((entry) => /^http\.(?:.*\.)?sslca(?:info|path)\n/.test(entry))) return {};
  const added = await readText(extra);
  // Node warns of a file that cannot be read, and goes on without it.
  if (added === undefined) return {};
  const file = join(folder, "authorities.pem");
  await writeFile(file, `${(await systemAuthorities()).trimEnd()}\n${added}`);
  return { GIT_SSL_CAINFO: file };
}

async function systemAuthorities(): Promise<string> {
  for (const file of systemFiles) {
    const text = await readText(file);
    if (text !== undefined) return text;
  }
  return rootCertificates.join("\n");
}

const readText = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

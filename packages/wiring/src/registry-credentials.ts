import { type CredentialStore, readCredentials } from "@glu/registry";
import type { Token } from "./repositories/token.ts";
import { readTextFile } from "./shells/surround.ts";
import type { Surroundings } from "./surroundings.ts";

/** What registries are shown: a login of Docker's; for the host's own registry the host's own token. */
export function registryCredentials({ env, logger }: Surroundings, token: Token): CredentialStore {
  return readCredentials({
    env,
    logger,
    readFile: readTextFile,
    token: token.source === "host" ? token.value : undefined,
  });
}

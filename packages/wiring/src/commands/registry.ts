import type { Registry } from "@glu/core";
import { createRegistry, readCredentials } from "@glu/registry";
import type { Token } from "../repositories/token.ts";
import { readTextFile } from "../shells/surround.ts";
import type { Surroundings } from "../surroundings.ts";

/** The registries that images lie in, with the credentials that this run has for them. */
export function registryOf({ env, logger, clock }: Surroundings, token: Token): Registry {
  const host = token.source === "host" ? token.value : undefined;
  return createRegistry({ credentials: readCredentials({ env, logger, readFile: readTextFile, token: host }), clock });
}

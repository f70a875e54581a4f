import type { Registry } from "@glu/core";
import { createRegistry } from "@glu/registry";
import { fetchOf } from "../outside-fetch.ts";
import { registryCredentials } from "../registry-credentials.ts";
import type { Token } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** The registries that images lie in, with the credentials that this run has for them. */
export function registryOf(surroundings: Surroundings, token: Token): Registry {
  return createRegistry({
    credentials: registryCredentials(surroundings, token),
    clock: surroundings.clock,
    fetch: fetchOf(surroundings.env),
  });
}

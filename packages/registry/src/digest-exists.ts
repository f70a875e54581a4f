import { type Digest, OutsideError } from "@glu/core";
import { createClient, type RegistryOptions } from "./client.ts";
import { locate } from "./reference.ts";
import { manifestTypes } from "./registry.ts";

/**
 * Whether a registry has a manifest of that digest, asked by HEAD
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests).
 * Errors: `registry/unauthorised`, `registry/unreachable`, `registry/unexpected`.
 */
export function createDigestCheck(options: RegistryOptions): (name: string, digest: Digest) => Promise<boolean> {
  const client = createClient(options);
  return async (name, digest) => {
    const at = locate(name);
    const path = `manifests/${digest}`;
    // Some registries know no HEAD.
    for (const method of ["HEAD", "GET"] as const) {
      const { status } = await client.ask(at, { method, path, accept: manifestTypes.join(", ") });
      if (status === 200) return true;
      if (status === 404) return false;
      if (status === 403) throw client.denied(at, status);
      if (method === "GET") {
        throw new OutsideError("registry/unexpected", `The registry's answer for ${name}@${digest} is no manifest.`, {
          seen: status,
          fix: "Look whether the registry works: 'docker manifest inspect' asks the same.",
        });
      }
    }
    return false;
  };
}

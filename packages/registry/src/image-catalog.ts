import { type ImageCatalog, UserError } from "@glu/core";
import { createClient, type RegistryOptions } from "./client.ts";
import { readFacts } from "./facts.ts";
import { locate, parseReference, type RegistryLocation } from "./reference.ts";
import { registryOver } from "./registry.ts";
import { listTags } from "./tags.ts";

/** Registries to look for new versions in. The tags of an image are listed once in a run. */
export function createImageCatalog(options: RegistryOptions): ImageCatalog {
  const client = createClient(options);
  const listed = new Map<string, Promise<readonly string[]>>();
  return {
    ...registryOver(client),
    tags(name) {
      const known = listed.get(name) ?? listTags(client, placeOf(name));
      listed.set(name, known);
      return known;
    },
    facts: (name, digest) => readFacts(client, placeOf(name), digest),
  };
}

/** @throws UserError `input/image` */
function placeOf(name: string): RegistryLocation {
  if (parseReference(name).name === name) return locate(name);
  throw new UserError("input/image", `${JSON.stringify(name)} is not a name without tag and digest.`, {
    seen: name,
    fix: "Give the name alone, such as ghcr.io/acme/web.",
  });
}

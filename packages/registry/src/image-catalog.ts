import { type Digest, type ImageCatalog, type ImageFacts, oncePer, UserError } from "@glu/core";
import { createClient, type RegistryOptions } from "./client.ts";
import { readFacts } from "./facts.ts";
import { locate, parseReference, type RegistryLocation } from "./reference.ts";
import { registryOver } from "./registry.ts";
import { listTags } from "./tags.ts";

/**
 * Registries to look for new versions in. Each thing is asked for once in a run, so that apps that follow one image see the
 * same. Of earlier runs only lists of tags are believed: what a tag points to decides what runs, and its HEAD is as cheap
 * as a condition; what an image says of itself is read once, when it becomes an artifact.
 */
export function createImageCatalog(options: RegistryOptions): ImageCatalog {
  const client = createClient(options);
  const registry = registryOver(client);
  const lists = oncePer<readonly string[]>();
  const digests = oncePer<Digest>();
  const facts = oncePer<ImageFacts>();
  return {
    tags: (name) => lists(name, () => listTags(client, placeOf(name), options.memory)),
    resolve: (name, tag) => digests(`${name}:${tag}`, () => registry.resolve(name, tag)),
    facts: (name, digest) => facts(`${name}@${digest}`, () => readFacts(client, placeOf(name), digest)),
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

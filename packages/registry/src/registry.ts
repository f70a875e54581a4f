import { createHash } from "node:crypto";
import { type Digest, digest, OutsideError, type Registry, UserError } from "@glu/core";
import { createClient, type RegistryClient, type RegistryOptions } from "./client.ts";
import type { HttpResponse } from "./http.ts";
import { locate, parseReference, type RegistryLocation } from "./reference.ts";

/** Everything a tag can point to that has a digest of its own bytes. The index comes first: all platforms at once. */
export const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

/**
 * A registry that speaks the OCI distribution spec
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests).
 */
export function createRegistry(options: RegistryOptions): Registry {
  return registryOver(createClient(options));
}

/** The same over a client that serves for other questions too. */
export function registryOver(client: RegistryClient): Registry {
  const ask = (method: "HEAD" | "GET", at: RegistryLocation, tag: string): Promise<HttpResponse> =>
    client.ask(at, { method, path: `manifests/${tag}`, accept: manifestTypes.join(", ") });
  return {
    async resolve(name: string, tag: string): Promise<Digest> {
      const image = parseReference(`${name}:${tag}`);
      if (image.name !== name || image.tag !== tag) {
        throw new UserError("input/image", `${JSON.stringify(`${name}:${tag}`)} is not a name and a tag.`, {
          seen: { name, tag },
          fix: "Give the name without a tag and the tag by itself.",
        });
      }
      const at = locate(name);
      const head = await ask("HEAD", at, tag);
      const promised = head.headers.get("docker-content-digest");
      if (head.status === 200 && promised !== null && isManifest(head)) return checkedDigest(promised, at);
      // Only the answer to GET says what is wrong; and some registries know no HEAD, or send no digest with it.
      const got = await ask("GET", at, tag);
      if (got.status === 404) throw notFound(name, tag, got);
      if (got.status === 403) throw client.denied(at, got.status);
      if (got.status !== 200 || !isManifest(got)) throw unexpected(name, tag, got);
      const actual = digest(`sha256:${createHash("sha256").update(got.body).digest("hex")}`);
      const header = got.headers.get("docker-content-digest");
      if (header !== null && header !== actual) throw tampered(name, tag, header, actual);
      return actual;
    },
  };
}

function isManifest({ headers }: HttpResponse): boolean {
  const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  return manifestTypes.some((known) => known === type);
}

function checkedDigest(text: string, at: RegistryLocation): Digest {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return digest(text);
  throw new OutsideError("registry/unexpected", `${at.host} sends a digest that is none.`, {
    seen: text.slice(0, 100),
    fix: "Give the image as name@sha256:….",
  });
}

function notFound(name: string, tag: string, response: HttpResponse): OutsideError {
  const noName = response.body.toString("utf8").includes("NAME_UNKNOWN");
  return new OutsideError("registry/not-found", `${name}:${tag} does not exist in the registry.`, {
    seen: `${name}:${tag}`,
    fix: noName
      ? "The registry knows no image of this name: check it, and that the build has pushed."
      : "Check the tag, and that the push comes before this step in the pipeline.",
  });
}

function unexpected(name: string, tag: string, { status, headers }: HttpResponse): OutsideError {
  const type = headers.get("content-type") ?? "no content type";
  return new OutsideError("registry/unexpected", `The registry's answer for ${name}:${tag} is no manifest.`, {
    seen: `${status}, ${type}`,
    fix: "Push the image again with a current tool (schema 1 manifests have no stable digest), or give name@sha256:…. A source can ignore it.",
  });
}

function tampered(name: string, tag: string, header: string, actual: string): OutsideError {
  return new OutsideError(
    "registry/digest-mismatch",
    `The registry's manifest of ${name}:${tag} is not what it says.`,
    {
      seen: { header: header.slice(0, 100), actual },
      fix: "Something between here and the registry changes the content. Do not deploy this image.",
    },
  );
}

import { createHash } from "node:crypto";
import { type Digest, type ImageFacts, OutsideError, timeMade } from "@glu/core";
import type { RegistryClient } from "./client.ts";
import type { RegistryLocation } from "./reference.ts";
import { manifestTypes } from "./registry.ts";

const revisionName = "org.opencontainers.image.revision";
const createdName = "org.opencontainers.image.created";
const chartType = "application/vnd.cncf.helm.config.v1+json";
const imageType = /^application\/vnd\.(?:oci|docker)\..*(?:config|image)/;

type Json = Record<string, unknown>;
const mapping = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 200 ? value : undefined;

/**
 * When an image was built and of what: by the annotations of its manifest, else by its configuration; of a chart also what
 * it deploys
 * (https://github.com/opencontainers/image-spec/blob/main/config.md). Of an index it is what its first platform says, so
 * that the same digest has always the same facts.
 * @throws OutsideError `registry/not-found`, `registry/digest-mismatch`, `registry/unexpected`, and those of the client
 */
export async function readFacts(client: RegistryClient, at: RegistryLocation, digest: Digest): Promise<ImageFacts> {
  const manifest = await fetchJson(client, at, "manifests", digest);
  const own = factsOf(mapping(manifest.annotations));
  const isChart = mapping(manifest.config).mediaType === chartType;
  if (own.createdAt !== undefined && own.revision !== undefined && !isChart) return own;
  const deeper = Array.isArray(manifest.manifests)
    ? await factsOfPlatform(client, at, manifest.manifests)
    : await factsOfConfig(client, at, mapping(manifest.config));
  return { ...deeper, createdAt: own.createdAt ?? deeper.createdAt, revision: own.revision ?? deeper.revision };
}

const nothing: ImageFacts = { createdAt: undefined, revision: undefined };

async function factsOfPlatform(
  client: RegistryClient,
  at: RegistryLocation,
  entries: readonly unknown[],
): Promise<ImageFacts> {
  // Attestations stand in an index as platforms that nobody has.
  const platforms = entries.map(mapping).filter(({ platform }) => mapping(platform).os !== "unknown");
  const digest = digestIn(platforms[0]);
  if (digest === undefined) return nothing;
  const manifest = await fetchJson(client, at, "manifests", digest);
  const own = factsOf(mapping(manifest.annotations));
  const deeper = await factsOfConfig(client, at, mapping(manifest.config));
  return { createdAt: own.createdAt ?? deeper.createdAt, revision: own.revision ?? deeper.revision };
}

async function factsOfConfig(client: RegistryClient, at: RegistryLocation, descriptor: Json): Promise<ImageFacts> {
  const digest = digestIn(descriptor);
  const type = String(descriptor.mediaType);
  // What is neither an image nor a chart has a configuration of its own kind, which says nothing of these.
  if (digest === undefined || !(type === chartType || imageType.test(type))) return nothing;
  const config = await fetchJson(client, at, "blobs", digest);
  // The Chart.yaml as JSON (https://helm.sh/docs/topics/registries/#helm-chart-manifest).
  if (type === chartType) return { ...nothing, appVersion: text(config.appVersion) };
  const labels = factsOf(mapping(mapping(config.config).Labels));
  return { createdAt: time(config.created) ?? labels.createdAt, revision: labels.revision };
}

function factsOf(annotations: Json): ImageFacts {
  return { createdAt: time(annotations[createdName]), revision: text(annotations[revisionName]) };
}

const time = (value: unknown): string | undefined => timeMade(text(value) ?? "");

function digestIn(descriptor: Json | undefined): Digest | undefined {
  const digest = descriptor?.digest;
  return typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? (digest as Digest) : undefined;
}

/** By its digest, and checked by it: what is stored for good is not what something on the way has made of it. */
async function fetchJson(
  client: RegistryClient,
  at: RegistryLocation,
  kind: "manifests" | "blobs",
  digest: Digest,
): Promise<Json> {
  const accept = kind === "manifests" ? manifestTypes.join(", ") : "*/*";
  const answer = await client.ask(at, { method: "GET", path: `${kind}/${digest}`, accept });
  const what = `${at.host}/${at.repository}@${digest}`;
  if (answer.status === 403) throw client.denied(at, answer.status);
  if (answer.status === 404) {
    throw new OutsideError("registry/not-found", `${what} does not exist in the registry.`, {
      seen: what,
      fix: "It was removed meanwhile: run again.",
    });
  }
  if (answer.status === 200 && `sha256:${createHash("sha256").update(answer.body).digest("hex")}` !== digest) {
    throw new OutsideError("registry/digest-mismatch", `The content of ${what} is not what its digest says.`, {
      seen: what,
      fix: "Something between here and the registry changes the content. Do not deploy this image.",
    });
  }
  try {
    if (answer.status === 200) return mapping(JSON.parse(answer.body.toString("utf8")));
  } catch (cause) {
    throw unexpected(what, "no JSON", cause);
  }
  throw unexpected(what, String(answer.status));
}

function unexpected(what: string, seen: string, cause?: unknown): OutsideError {
  return new OutsideError("registry/unexpected", `The registry's answer for ${what} cannot be read.`, {
    seen,
    fix: "Push the image again with a current tool. A source can ignore it.",
    ...(cause === undefined ? {} : { cause }),
  });
}

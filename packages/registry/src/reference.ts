import { type Digest, digest, UserError } from "@glu/core";

/**
 * An image as people write it, taken apart by the grammar of the distribution project
 * (https://pkg.go.dev/github.com/distribution/reference): `[domain/]path[:tag][@digest]`.
 */
export interface ImageReference {
  /** As written, without tag and digest: what goes into files and is compared with the declared images. */
  name: string;
  tag: string | undefined;
  digest: Digest | undefined;
}

/** An image of an artifact, as the input gives it: `web=ghcr.io/acme/web:1.2.3`. */
export interface NamedImage extends ImageReference {
  /** What the pipeline calls it, e.g. `web`. */
  key: string;
}

/** Where a registry keeps the image: what goes into the request. */
export interface RegistryLocation {
  /** Host and port as the API is reached, e.g. `registry-1.docker.io`. */
  host: string;
  /** The repository in the registry, e.g. `library/nginx`. */
  repository: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const domainPattern =
  /^(?:\[[0-9a-fA-F:.]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]{1,5})?$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const keyPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function refuse(text: string, why: string): never {
  throw new UserError("input/image", `${JSON.stringify(text)} is not an image: ${why}.`, {
    seen: text,
    fix: "Give name=reference, such as web=ghcr.io/acme/web:1.2.3 or web=ghcr.io/acme/web@sha256:….",
  });
}

/**
 * The first part is a domain when it has a dot or a port, or is `localhost`. Docker also takes an upper-case word for
 * one; here that is what it nearly always is: an organisation's name that must be written in lower case.
 */
function splitDomain(name: string): { domain: string | undefined; path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = slash > 0 && (/[.:[]/.test(first) || first === "localhost");
  return isDomain ? { domain: first, path: name.slice(slash + 1) } : { domain: undefined, path: name };
}

/** @throws UserError `input/image`. */
export function parseReference(text: string): ImageReference {
  if (text.length > 4096) refuse(`${text.slice(0, 40)}…`, "it is too long");
  const at = text.indexOf("@");
  const named = at < 0 ? text : text.slice(0, at);
  const pinned = at < 0 ? undefined : text.slice(at + 1);
  if (pinned !== undefined && !/^sha256:[0-9a-f]{64}$/.test(pinned)) {
    refuse(text, "its digest is not 'sha256:' and 64 lower-case hex digits");
  }
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const name = hasTag ? named.slice(0, colon) : named;
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagPattern.test(tag)) refuse(text, `${JSON.stringify(tag)} is not a tag`);
  const { domain, path } = splitDomain(name);
  if (domain !== undefined && !domainPattern.test(domain)) refuse(text, `${JSON.stringify(domain)} is not a host`);
  if (path.length > 255) refuse(text, "its name is longer than 255 characters");
  if (!path.split("/").every((part) => component.test(part))) {
    refuse(text, "a name is lower-case letters and digits, separated by one of '/', '.', '_', '-'");
  }
  return { name, tag, digest: pinned === undefined ? undefined : digest(pinned) };
}

/**
 * The `image` input: `name=reference`.
 * @throws UserError `input/image`, also when there is neither a tag nor a digest: `latest` is never meant by accident.
 */
export function parseImage(text: string): NamedImage {
  const equals = text.indexOf("=");
  if (equals < 0) refuse(text, "it has no name before a '='");
  const key = text.slice(0, equals);
  if (!keyPattern.test(key)) refuse(text, "its name is not 1 to 63 of a-z, 0-9 and '-'");
  const reference = parseReference(text.slice(equals + 1));
  if (reference.tag === undefined && reference.digest === undefined) refuse(text, "it has neither a tag nor a digest");
  return { key, ...reference };
}

/**
 * Docker's short names made long: `nginx` is `library/nginx` at `registry-1.docker.io`, which is how Docker Hub's API
 * is reached whatever the reference calls it.
 */
export function locate(name: string): RegistryLocation {
  const { domain, path } = splitDomain(name);
  if (domain === undefined || /^(?:index\.|registry-1\.)?docker\.io$/i.test(domain)) {
    return { host: "registry-1.docker.io", repository: path.includes("/") ? path : `library/${path}` };
  }
  return { host: domain.toLowerCase(), repository: path };
}

/** The API's base. Only loopback is reached without TLS, as Docker does. */
export function registryUrl(host: string): string {
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
  return `${loopback ? "http" : "https"}://${host}`;
}

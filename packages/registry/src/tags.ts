import { OutsideError } from "@glu/core";
import type { RegistryClient } from "./client.ts";
import type { HttpResponse } from "./http.ts";
import { type RegistryLocation, registryUrl } from "./reference.ts";

/** Tags in one answer: what most registries give at most. One that gives fewer says where the next ones are. */
const pageSize = 1000;
/** An image with more tags than these has never been cleaned up. */
const mostPages = 100;
const mostTags = 100_000;

/**
 * All tags of an image
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags), page after page by the `Link`
 * of each answer (RFC 8288).
 * @throws OutsideError `registry/not-found`, `registry/unexpected`, `registry/too-many-tags`, and those of the client
 */
export async function listTags(client: RegistryClient, at: RegistryLocation): Promise<string[]> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let path: string | undefined = `tags/list?n=${pageSize}`;
  while (path !== undefined) {
    // A page that leads to itself would have no end.
    if (seen.has(path)) throw unexpected(at, `a page that leads back to ${path}`);
    seen.add(path);
    if (seen.size > mostPages || tags.size > mostTags) throw tooMany(at, tags.size);
    const answer: HttpResponse = await client.ask(at, { method: "GET", path, accept: "application/json" });
    if (answer.status === 403) throw client.denied(at, answer.status);
    if (answer.status === 404) throw unknownImage(at);
    for (const tag of tagsOf(answer, at)) tags.add(tag);
    path = nextPath(answer.headers.get("link"), at);
  }
  return [...tags];
}

function tagsOf({ status, body }: HttpResponse, at: RegistryLocation): string[] {
  if (status !== 200) throw unexpected(at, String(status));
  let tags: unknown;
  try {
    ({ tags } = JSON.parse(body.toString("utf8")) as { tags?: unknown });
  } catch (cause) {
    throw unexpected(at, "no JSON", cause);
  }
  // An image whose last tag was removed has `null`.
  if (tags === null) return [];
  if (!Array.isArray(tags)) throw unexpected(at, "no list of tags");
  // What is no tag could not be asked for.
  return tags.filter(
    (tag): tag is string => typeof tag === "string" && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag),
  );
}

/**
 * The next page of the same list. Only its query is taken, and it is asked for here: behind a proxy a registry may call
 * itself by another name, and elsewhere it would get the token.
 */
function nextPath(link: string | null, at: RegistryLocation): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const list = `${registryUrl(at.host)}/v2/${at.repository}/tags/list`;
  const url = URL.canParse(target, list) ? new URL(target, list) : undefined;
  if (url?.pathname !== new URL(list).pathname) throw unexpected(at, `a next page at ${target}`);
  return `tags/list${url.search}`;
}

function unexpected({ host, repository }: RegistryLocation, seen: string, cause?: unknown): OutsideError {
  return new OutsideError("registry/unexpected", `${host} does not answer with a list of the tags of ${repository}.`, {
    seen: seen.slice(0, 200),
    fix: "Look whether this registry lists tags as the OCI distribution spec says; some let only a login do it.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function unknownImage({ host, repository }: RegistryLocation): OutsideError {
  return new OutsideError("registry/not-found", `${host} knows no image ${repository}.`, {
    seen: `${host}/${repository}`,
    fix: "Check the image's name, and that something was pushed.",
  });
}

function tooMany({ host, repository }: RegistryLocation, count: number): OutsideError {
  return new OutsideError("registry/too-many-tags", `${host}/${repository} has more than ${count} tags.`, {
    seen: count,
    fix: "Let the registry remove old tags, or follow one name that moves with 'tag'.",
  });
}

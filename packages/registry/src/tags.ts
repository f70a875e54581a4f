import { type HttpMemory, OutsideError, type RememberedAnswer } from "@glu/core";
import type { RegistryClient } from "./client.ts";
import type { HttpResponse } from "./http.ts";
import { type RegistryLocation, registryUrl } from "./reference.ts";

/** Tags in one answer: what most registries give at most. One that gives fewer says where the next ones are. */
const pageSize = 1000;
/** So many pages may bring little; each further one has to bring ten tags, on average. Some registries give 50 in one. */
const mostIdlePages = 100;
const leastOnPage = 10;
/** An image with more tags than these has never been cleaned up. */
const mostTags = 100_000;
/** Bytes of one answer: some registries give all tags at once, of up to 128 characters each. */
const pageLimit = 16 << 20;

/**
 * All tags of an image
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags), page after page by the `Link`
 * of each answer (RFC 8288). A page is asked for with the ETag of the last answer, where there is a memory and the registry
 * names its answers; many do not.
 * @throws OutsideError `registry/not-found`, `registry/unexpected`, `registry/too-many-tags`, and those of the client
 */
export async function listTags(client: RegistryClient, at: RegistryLocation, memory?: HttpMemory): Promise<string[]> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let path: string | undefined = `tags/list?n=${pageSize}`;
  while (path !== undefined) {
    // A page that leads to itself would have no end.
    if (seen.has(path)) throw unexpected(at, `a page that leads back to ${path}`);
    seen.add(path);
    if (tags.size > mostTags) throw tooMany(at, tags.size);
    if (seen.size > mostIdlePages + tags.size / leastOnPage)
      throw unexpected(at, `${seen.size} pages, with hardly a tag`);
    const page: Page = await readPage(client, at, path, memory);
    for (const tag of page.tags) tags.add(tag);
    path = nextPath(page.link, at);
  }
  return [...tags];
}

interface Page {
  tags: readonly string[];
  /** The header of that name: where the next one is. */
  link: string | null;
}

async function readPage(
  client: RegistryClient,
  at: RegistryLocation,
  path: string,
  memory: HttpMemory | undefined,
): Promise<Page> {
  const url = `${registryUrl(at.host)}/v2/${at.repository}/${path}`;
  const known = recall(await memory?.get(url));
  const accept = "application/json";
  const answer = await client.ask(at, { method: "GET", path, accept, unless: known?.etag, limit: pageLimit });
  if (answer.status === 304 && known !== undefined) return known.page;
  if (answer.status === 403) throw client.denied(at, answer.status);
  if (answer.status === 404) throw unknownImage(at);
  const page: Page = { tags: tagsOf(answer, at), link: answer.headers.get("link") };
  const etag = answer.headers.get("etag");
  // What the next one is called as well: an answer that nothing has changed need not say it again.
  if (etag !== null) await memory?.put(url, { etag, body: Buffer.from(JSON.stringify(page)) });
  return page;
}

/** A page as it was kept; undefined when it is none: a cache may be written by others. */
function recall(kept: RememberedAnswer | undefined): { etag: string; page: Page } | undefined {
  if (kept === undefined) return undefined;
  try {
    const { tags, link } = JSON.parse(Buffer.from(kept.body).toString("utf8")) as Record<keyof Page, unknown>;
    if (!Array.isArray(tags) || (link !== null && typeof link !== "string")) return undefined;
    return { etag: kept.etag, page: { tags: tags.filter(isTag), link } };
  } catch {
    return undefined;
  }
}

const isTag = (tag: unknown): tag is string =>
  typeof tag === "string" && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag);

function tagsOf({ status, body }: HttpResponse, at: RegistryLocation): string[] {
  if (status !== 200) throw unexpected(at, `the status ${status}`);
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
  return tags.filter(isTag);
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

function unexpected({ host, repository }: RegistryLocation, found: string, cause?: unknown): OutsideError {
  const seen = found.slice(0, 200);
  const message = `${host} does not answer with a list of the tags of ${repository}: ${seen}.`;
  return new OutsideError("registry/unexpected", message, {
    seen,
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

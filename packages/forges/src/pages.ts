import { OutsideError } from "@glu/core";
import type { ForgeResponse } from "./http.ts";
import { listOf } from "./json.ts";

type Entry = Readonly<Record<string, unknown>>;

export interface Page {
  entries: Entry[];
  response: ForgeResponse;
}

/** Entries of a list that are looked through at most. */
const mostEntries = 10_000;

export interface Paging {
  /** Of the URL before: where the API is. */
  apiUrl: string;
  /** The first page, with its query. */
  path: string;
  /** How many entries are asked for in a page. */
  perPage: number;
  /** Whether the server may give fewer than that, and more after them. */
  mayGiveLess?: boolean;
  get(path: string): Promise<ForgeResponse>;
  /** Of an answer its list; default: it is one. */
  list?(json: unknown): unknown;
  /** How many there are in all, where the answer itself says it. */
  total?(json: unknown): unknown;
  /** The error for an answer that is no list: it is not an empty one. */
  refuse(response: ForgeResponse): Error;
}

/**
 * All pages of a list, each asked for when it is needed. Where the next one is, the answer says: by a link (RFC 8288;
 * GitHub, Gitea, GitLab), by `x-next-page` (GitLab), or by how many there are in all (`x-total-count`, Gitea). Where
 * nothing is said, a page with less than was asked for is the last; an empty one always is.
 * @throws OutsideError `forge/too-many` beyond 10,000 entries: what is not looked at is not taken to be not there
 */
export async function* pagesOf(paging: Paging): AsyncGenerator<Page> {
  const { apiUrl, get, refuse, perPage, mayGiveLess } = paging;
  let path: string | undefined = withPage(paging.path, 1);
  let before: string | undefined;
  for (let seen = 0; path !== undefined; ) {
    const response: ForgeResponse = await get(path);
    const entries =
      response.status === 200
        ? listOf(paging.list === undefined ? response.json : paging.list(response.json))
        : undefined;
    if (entries === undefined) throw refuse(response);
    // A list that knows no pages is given whole each time.
    const first = JSON.stringify(entries[0]);
    if (first !== undefined && first === before) return;
    before = first;
    yield { entries, response };
    seen += entries.length;
    const total = paging.total?.(response.json);
    if (typeof total === "number" && seen >= total) return;
    path = nextPath({ path, apiUrl, response, seen, entries: entries.length, perPage, mayGiveLess });
    if (path !== undefined && seen >= mostEntries) throw tooMany(apiUrl, path);
  }
}

/** All entries of a list, see {@link pagesOf}. */
export async function allEntries(paging: Paging): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const { entries } of pagesOf(paging)) all.push(...entries);
  return all;
}

interface At {
  path: string;
  apiUrl: string;
  response: ForgeResponse;
  /** Of all pages. */
  seen: number;
  /** Of this page. */
  entries: number;
  perPage: number;
  mayGiveLess: boolean | undefined;
}

function nextPath({ path, apiUrl, response, seen, entries, perPage, mayGiveLess }: At): string | undefined {
  const { headers } = response;
  // Whatever it says is next: a list that goes on without an entry does not end.
  if (entries === 0) return undefined;
  const link = headers.get("link");
  if (link !== null) {
    const next = nextLink(link);
    return next === undefined ? undefined : within(next, path, apiUrl);
  }
  const page = headers.get("x-next-page");
  if (page !== null) return /^\d+$/.test(page) ? withPage(path, Number(page)) : undefined;
  const total = headers.get("x-total-count");
  if (total !== null && /^\d+$/.test(total)) return seen < Number(total) ? withPage(path) : undefined;
  // GitHub leaves the link out where one page has all.
  return entries < perPage && !mayGiveLess ? undefined : withPage(path);
}

/** The target of `rel="next"`, of which there is one at most. */
export function nextLink(header: string): string | undefined {
  for (const [, target, parameters = ""] of header.matchAll(/<([^<>]*)>((?:\s*;\s*[^,;]+)*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:\s[^";]*)?"?\s*(?:;|$)/i.test(parameters)) return target;
  }
  return undefined;
}

/**
 * Of a link its query only: the token goes where it went before and nowhere else, whatever an answer says. Links also
 * name a list otherwise: GitHub's by the number of the repository, those of a forge behind a proxy by another host.
 */
function within(next: string, path: string, apiUrl: string): string {
  const before = `${apiUrl}${path}`;
  if (URL.canParse(next, before)) return `${path.split("?")[0]}${new URL(next, before).search}`;
  throw new OutsideError("forge/unexpected", `${new URL(before).host} says that its list goes on, and not where.`, {
    seen: next.slice(0, 200),
    fix: "Check the address of the API, and what stands in front of it.",
  });
}

/** @param page default: the one after the one of this path */
function withPage(path: string, page?: number): string {
  const [base = "", query = ""] = path.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("page", String(page ?? Number(parameters.get("page") ?? 1) + 1));
  return `${base}?${parameters}`;
}

function tooMany(apiUrl: string, path: string): OutsideError {
  const [list = ""] = path.split("?");
  return new OutsideError("forge/too-many", `${list} has more than ${mostEntries.toLocaleString("en-US")} entries.`, {
    seen: `${new URL(apiUrl).host}${list}`,
    fix: "No more are looked through, and nothing is decided on a part. Remove old ones, or let fewer match.",
  });
}

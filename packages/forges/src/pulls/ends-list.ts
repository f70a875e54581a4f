import { nextLink, type Page } from "../pages.ts";

export interface SeenSoFar {
  /** Entries of all pages, this one included. */
  seen: number;
  perPage: number;
  mayGiveLess: boolean;
}

/**
 * Whether a page shows that it is the last, and that nothing was left out before it. All that says anything of it has to
 * agree: a link (RFC 8288), GitLab's `x-next-page`, how many there are in all. Where nothing is said, a page with less
 * than was asked for does.
 */
export function endsList({ entries, response }: Page, { seen, perPage, mayGiveLess }: SeenSoFar): boolean {
  const { headers } = response;
  const [link, page] = [headers.get("link"), headers.get("x-next-page")];
  const total = headers.get("x-total") ?? headers.get("x-total-count");
  const says = [
    ...(link === null ? [] : [nextLink(link) === undefined]),
    ...(page === null ? [] : [page.trim() === ""]),
    ...(total === null ? [] : [total.trim() === String(seen)]),
  ];
  if (says.length > 0) return says.every((one) => one);
  return entries.length === 0 || (entries.length < perPage && !mayGiveLess);
}

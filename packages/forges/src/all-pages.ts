import { OutsideError } from "@glu/core";
import type { ForgeResponse } from "./http.ts";
import { listOf } from "./json.ts";

type Entry = Readonly<Record<string, unknown>>;

export interface Listing {
  /** Asks for a page, from 1. */
  get(page: number): Promise<ForgeResponse>;
  /** The list in an answer; default: the answer. */
  in?(json: unknown): unknown;
  /** The error for an answer without a list: that is no empty one. */
  refuse(response: ForgeResponse): Error;
  /** A page with fewer entries is the last. Undefined: only an empty one is, where the server does not tell how many. */
  perPage: number | undefined;
  /** Pages at most. */
  most: number;
  /** The error for a list that goes on. */
  tooMany: { code: `${string}/${string}`; what: string };
}

/**
 * All entries of a list, page by page. One that is longer than is looked through is an error: what stands on the rest
 * would be passed over.
 * @throws OutsideError the code of `tooMany`; what `refuse` gives
 */
export async function allPages({
  get,
  in: inside = (json) => json,
  refuse,
  perPage,
  most,
  tooMany,
}: Listing): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let page = 1; page <= most; page++) {
    const response = await get(page);
    const entries = response.status === 200 ? listOf(inside(response.json)) : undefined;
    if (entries === undefined) throw refuse(response);
    all.push(...entries);
    const total = response.headers.get("x-total-count");
    const isAll = total !== null && /^\d+$/.test(total) && all.length >= Number(total);
    if (entries.length === 0 || isAll || (perPage !== undefined && entries.length < perPage)) return all;
  }
  throw new OutsideError(tooMany.code, `There are more than ${all.length} ${tooMany.what}.`, {
    fix: "They cannot all be looked at, so nothing is said of them.",
  });
}

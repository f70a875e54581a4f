import type { OpenPulls, Pull, Pulls } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { type ForgeResponse, send } from "../http.ts";
import { listOf } from "../json.ts";
import { type Page, pagesOf } from "../pages.ts";
import { endsList } from "./ends-list.ts";

/** How a forge is asked for pull requests. */
export interface PullsApi {
  asking: AskingWithToken;
  headers: Record<string, string>;
  /** The path of one. */
  one(number: number): string;
  /** The path of the list of those that are open, oldest first: what is opened meanwhile is then at its end. */
  open: string;
  /** The path of a list that all who may see pull requests may see. */
  any: string;
  perPage: number;
  /** Whether the server may give fewer in a page, and more after them. */
  mayGiveLess?: boolean;
  /** Undefined: it is none, or does not say how it stands. */
  read(json: unknown): Pull | undefined;
  refuse(response: ForgeResponse): Error;
}

/** How often a list is read that moves while it is read. */
const mostLooks = 2;

/** Pull requests of a repository, as its forge is asked for them. */
export function pullsBy(api: PullsApi): Pulls {
  const { asking, headers, perPage, mayGiveLess = false, read, refuse } = api;
  const get = (path: string, remember = false): Promise<ForgeResponse> =>
    send({ method: "GET", path, headers, remember }, asking);
  const pages = (): AsyncGenerator<Page> =>
    pagesOf({
      ...{ apiUrl: asking.apiUrl, path: api.open, perPage, mayGiveLess, refuse },
      get: (path) => get(path, true),
    });

  async function look(): Promise<Look> {
    const found: Look = { pulls: [], pages: [], isWhole: false };
    const numbers = new Set<number>();
    let [seen, isOdd] = [0, false];
    for await (const page of pages()) {
      const told = page.response.json as readonly unknown[];
      for (const pull of told.map(read)) {
        isOdd ||= !pull?.isOpen || numbers.has(pull.number);
        if (!pull?.isOpen || numbers.has(pull.number)) continue;
        numbers.add(pull.number);
        found.pulls.push(pull);
      }
      seen += told.length;
      found.pages.push(numbersOf(page));
      found.isWhole = !isOdd && endsList(page, { seen, perPage, mayGiveLess });
    }
    return found;
  }

  /**
   * Whether all pages but the last are still what they were. One that was closed meanwhile has moved all behind it
   * forward, and the first of the next page was in none.
   */
  async function isUnmoved(before: readonly string[]): Promise<boolean> {
    if (before.length < 2) return true;
    let at = 0;
    for await (const page of pages()) {
      if (numbersOf(page) !== before[at]) return false;
      at += 1;
      if (at === before.length - 1) return true;
    }
    return false;
  }

  const numbersOf = ({ response }: Page) =>
    JSON.stringify((response.json as unknown[]).map((one) => read(one)?.number ?? null));

  function understood(response: ForgeResponse, number: number): Pull {
    const pull = response.status === 200 ? read(response.json) : undefined;
    if (pull?.number !== number) throw refuse(response);
    return pull;
  }

  return {
    async find(number) {
      const path = api.one(number);
      const first = await get(path);
      if (first.status !== 404) return understood(first, number);
      // That is said as well where the token sees none at all; a repository it may see all the same.
      const list = await get(api.any);
      if (list.status !== 200 || listOf(list.json) === undefined) throw refuse(list);
      // By now also a server that lags behind knows what was opened a moment ago.
      const second = await get(path);
      return second.status === 404 ? undefined : understood(second, number);
    },

    async open(): Promise<OpenPulls> {
      for (let looks = 1; ; looks++) {
        const { pulls, pages: before, isWhole } = await look();
        const complete = isWhole && (await isUnmoved(before));
        if (complete || looks === mostLooks) return { pulls, complete };
      }
    },
  };
}

interface Look {
  pulls: Pull[];
  /** Of each page its numbers. */
  pages: string[];
  isWhole: boolean;
}

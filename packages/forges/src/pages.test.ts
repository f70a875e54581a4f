import { describe, expect, it } from "vitest";
import type { ForgeResponse } from "./http.ts";
import { allEntries, type Paging } from "./pages.ts";

const apiUrl = "https://forge.example/api/v1";
const all = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

interface Server {
  /** Entries that it has. */
  count: number;
  /** Of a page it gives at most. */
  most?: number;
  headers?(page: number, last: number, at: URL): Record<string, string>;
}

/** A list on a server, and what was asked of it. */
function listOn({ count, most = 100, headers = () => ({}) }: Server, more: Partial<Paging> = {}) {
  const asked: string[] = [];
  const get = async (path: string): Promise<ForgeResponse> => {
    asked.push(path);
    const at = new URL(`${apiUrl}${path}`);
    const page = Number(at.searchParams.get("page") ?? 1);
    const json = all(count).slice((page - 1) * most, page * most);
    return { status: 200, headers: new Headers(headers(page, Math.ceil(count / most), at)), json };
  };
  const refuse = ({ status }: ForgeResponse) => new Error(`refused ${status}`);
  return { asked, entries: () => allEntries({ apiUrl, path: "/pulls?state=all", perPage: 100, get, refuse, ...more }) };
}

/** As GitHub sends it, which names the repository by its number. */
const links = (page: number, last: number): Record<string, string> => {
  const to = (at: number, rel: string) =>
    `<https://api.github.com/repositories/7/pulls?state=all&page=${at}>; rel="${rel}"`;
  const found = [
    ...(page > 1 ? [to(page - 1, "prev"), to(1, "first")] : []),
    ...(page < last ? [to(page + 1, "next"), to(last, "last")] : []),
  ];
  return found.length === 0 ? {} : { link: found.join(", ") };
};

describe("all pages of a list", () => {
  it.each<[string, Server, Partial<Paging>, number]>([
    ["links", { count: 730, headers: links }, {}, 8],
    ["links, where the server gives fewer", { count: 95, most: 10, headers: links }, {}, 10],
    ["links of one page, which GitHub leaves out", { count: 99, headers: links }, {}, 1],
    [
      "x-next-page",
      { count: 730, headers: (page, last) => ({ "x-next-page": page < last ? String(page + 1) : "" }) },
      {},
      8,
    ],
    ["x-total-count", { count: 95, most: 10, headers: () => ({ "x-total-count": "95" }) }, { mayGiveLess: true }, 10],
    ["a total in the answer", { count: 95, most: 10 }, { mayGiveLess: true, total: () => 95 }, 10],
    ["nothing, until one is not full", { count: 730 }, {}, 8],
    ["nothing, until one is empty", { count: 700 }, {}, 8],
    ["nothing, of a server that gives fewer", { count: 95, most: 10 }, { mayGiveLess: true }, 11],
    ["nothing, of an empty one", { count: 0 }, { mayGiveLess: true }, 1],
  ])("are found by %s", async (_, server, more, calls) => {
    const { asked, entries } = listOn(server, more);
    expect(await entries()).toEqual(all(server.count));
    expect(asked).toHaveLength(calls);
    expect(asked.every((path) => path.startsWith("/pulls?state=all"))).toBe(true);
  });

  it("are asked for where the first was, whatever a link names", async () => {
    const headers = (page: number) => ({
      link: page > 1 ? "" : '<https://evil.example/steal?state=all&page=2>; rel="next"',
    });
    const { asked, entries } = listOn({ count: 150, headers });
    await entries();
    expect(asked).toEqual(["/pulls?state=all&page=1", "/pulls?state=all&page=2"]);
  });

  it("follow a link by its cursor (keyset)", async () => {
    const headers = (_: number, __: number, at: URL) => {
      const cursor = at.searchParams.get("cursor");
      return cursor === "b"
        ? { link: "" }
        : { link: `<${at.origin}${at.pathname}?cursor=${cursor === null ? "a" : "b"}>; rel="next"` };
    };
    const { asked, entries } = listOn({ count: 0, headers }, { list: () => [{ id: Math.random() }] });
    expect(await entries()).toHaveLength(3);
    expect(asked.slice(1)).toEqual(["/pulls?cursor=a", "/pulls?cursor=b"]);
  });

  it("end where a list knows no pages", async () => {
    const { asked, entries } = listOn({ count: 3 }, { mayGiveLess: true, list: () => all(3) });
    expect(await entries()).toEqual(all(3));
    expect(asked).toHaveLength(2);
  });

  it("are refused when there are too many to look through, and not cut", async () => {
    const { asked, entries } = listOn({ count: 20_000, headers: links });
    await expect(entries()).rejects.toMatchObject({ code: "forge/too-many", seen: "forge.example/pulls" });
    expect(asked).toHaveLength(100);
    expect(await listOn({ count: 10_000, headers: links }).entries()).toHaveLength(10_000);
  });

  it.each([
    ["another status", { status: 403, json: [] }],
    ["no list", { status: 200, json: { message: "hello" } }],
    ["no JSON", { status: 200, json: undefined }],
  ])("are refused with %s: that is no empty list", async (_, answer) => {
    const get = async () => ({ headers: new Headers(), ...answer });
    await expect(listOn({ count: 0 }, { get }).entries()).rejects.toThrow(`refused ${answer.status}`);
  });

  it("say where they go on, or are not understood", async () => {
    const { entries } = listOn({ count: 1, headers: () => ({ link: '<http://[>; rel="next"' }) });
    await expect(entries()).rejects.toMatchObject({ code: "forge/unexpected" });
  });
});

import { FakeClock } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { createPulls } from "./create-pulls.ts";

interface Answer {
  pulls: readonly unknown[];
  headers?: Record<string, string>;
  status?: number;
}

const change = (number: number, more: object = {}) => ({
  number,
  state: "open",
  updated_at: "2026-11-28T08:00:00Z",
  head: { sha: "1".repeat(40), ref: "change", label: "change", repo: { id: 1 } },
  base: { repo: { id: 1 } },
  ...more,
});
const request = (number: number) => ({ iid: number, state: "opened", updated_at: "2026-11-28T08:00:00Z" });
const many = (from: number, to: number, make: (number: number) => unknown = change) =>
  Array.from({ length: to - from + 1 }, (_, index) => make(from + index));

/** A forge of which each page is asked for by its number. */
function on(forge: "github" | "gitlab" | "gitea", answer: (page: number, asked: number) => Answer) {
  let asked = 0;
  const served = async (input: string | URL | Request): Promise<Response> => {
    const page = Number(new URL(String(input)).searchParams.get("page"));
    const { pulls, headers = {}, status = 200 } = answer(page, ++asked);
    return new Response(JSON.stringify(pulls), { status, headers });
  };
  const pulls = createPulls({
    ...{ forge, apiUrl: "http://forge.example", repository: "acme/web", token: "t", clock: new FakeClock() },
    fetch: served as typeof fetch,
  });
  return {
    open: async () => {
      const { pulls: found, complete } = await pulls.open();
      return { count: found.length, complete, asked };
    },
  };
}

const next = (page: number) => ({ link: `<http://forge.example/x?page=${page}>; rel="next"` });
const last = { link: '<http://forge.example/x?page=1>; rel="first"' };

describe("all open pull requests are known", () => {
  it("when a short page is the only one, or comes after full ones", async () => {
    expect(await on("github", () => ({ pulls: many(1, 3) })).open()).toEqual({ count: 3, complete: true, asked: 1 });
    const pages = [many(1, 100), many(101, 200), many(201, 205)];
    const full = on("github", (page) => ({ pulls: pages[page - 1] ?? [] }));
    // All pages but the last are looked at once more.
    expect(await full.open()).toEqual({ count: 205, complete: true, asked: 5 });
  });

  it("when a full page is the last by its link, by GitLab's header, or since an empty one comes after it", async () => {
    const pages = [many(1, 100), many(101, 200)];
    const linked = on("github", (page) => ({ pulls: pages[page - 1] ?? [], headers: page === 1 ? next(2) : last }));
    expect(await linked.open()).toEqual({ count: 200, complete: true, asked: 3 });
    const bare = on("github", (page) => ({ pulls: pages[page - 1] ?? [] }));
    expect(await bare.open()).toMatchObject({ count: 200, complete: true });
    const gitlab = on("gitlab", (page) => ({
      pulls: many(page * 100 - 99, page * 100, request),
      headers: { "x-next-page": page === 1 ? "2" : "", "x-total": "200" },
    }));
    expect(await gitlab.open()).toMatchObject({ count: 200, complete: true });
  });

  it("when they are as many as the forge says there are, however few it gives in a page", async () => {
    const gitea = on("gitea", (page) => ({
      pulls: many(page * 20 - 19, page * 20),
      headers: { "x-total-count": "40" },
    }));
    expect(await gitea.open()).toEqual({ count: 40, complete: true, asked: 3 });
  });
});

describe("not all open pull requests are known", () => {
  it.each<[string, "github" | "gitlab" | "gitea", (page: number) => Answer]>([
    [
      "when the forge says that there are more than it gives",
      "gitea",
      (page) => ({ pulls: page === 1 ? many(1, 50) : many(51, 60), headers: { "x-total-count": "61" } }),
    ],
    [
      "when it says that there are fewer",
      "gitlab",
      () => ({ pulls: many(1, 3, request), headers: { "x-next-page": "", "x-total": "2" } }),
    ],
    [
      "when a link leads to a page without any that leads further",
      "github",
      (page) => ({ pulls: page === 1 ? many(1, 100) : [], headers: next(page + 1) }),
    ],
    ["when each page is the first one", "github", () => ({ pulls: many(1, 100) })],
    [
      "when where the next page is cannot be read",
      "gitlab",
      () => ({ pulls: many(1, 100, request), headers: { "x-next-page": "two" } }),
    ],
    [
      "when a page that may be cut short says nothing",
      "gitea",
      (page) => ({ pulls: page === 1 ? many(1, 20) : many(1, 20) }),
    ],
    [
      "when what says where the next page is does not agree",
      "gitlab",
      () => ({ pulls: many(1, 3, request), headers: { "x-next-page": "", ...next(2) } }),
    ],
    ["when one cannot be read", "github", () => ({ pulls: [...many(1, 3), change(4, { updated_at: "soon" })] })],
    ["when something is no pull request", "github", () => ({ pulls: [...many(1, 3), null] })],
    ["when one is closed", "github", () => ({ pulls: [...many(1, 3), change(4, { state: "closed" })] })],
    ["when one is there twice", "github", () => ({ pulls: [...many(1, 3), change(3)] })],
  ])("%s", async (_, forge, answer) => {
    const { complete, count } = await on(forge, answer).open();
    expect(complete).toBe(false);
    expect(count).toBeGreaterThan(0);
  });

  it("when pages move again and again while they are read, but for that once", async () => {
    // Of the first page one is closed after it was read, and the first of the second comes forward.
    const moving = (moves: (asked: number) => boolean) => {
      let closed = 0;
      return on("github", (page, asked) => {
        const pulls = many(1 + closed, 150).slice((page - 1) * 100, page * 100);
        if (moves(asked)) closed += 1;
        return { pulls };
      });
    };
    expect(await moving((asked) => asked === 1).open()).toEqual({ count: 149, complete: true, asked: 6 });
    expect(await moving(() => true).open()).toMatchObject({ complete: false });
    // After the first page was looked at again nothing is found out; nor before it was read.
    expect(await moving(() => false).open()).toEqual({ count: 150, complete: true, asked: 3 });
  });

  it("a page that is refused is an error", async () => {
    for (const [status, code] of [
      [404, "pull/not-found"],
      [403, "pull/forbidden"],
      [418, "pull/unexpected"],
      [500, "forge/unreachable"],
    ] as const) {
      const refused = on("github", (page) => (page === 1 ? { pulls: many(1, 100) } : { pulls: [], status }));
      await expect(refused.open()).rejects.toMatchObject({ code });
    }
  });

  it("more than can be looked through are an error", async () => {
    const endless = on("github", (page) => ({ pulls: many(page * 100 - 99, page * 100), headers: next(page + 1) }));
    await expect(endless.open()).rejects.toMatchObject({ code: "forge/too-many" });
  });
});

import { type ApiCalls, GluError, type HttpMemory, noApiCalls, type OutsideError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { reserveOf } from "./budget.ts";
import { githubHeaders } from "./github-headers.ts";
import { type ForgeConnection, type ForgeRequest, send, unlessItStands } from "./http.ts";

const start = Date.UTC(2026, 10, 21, 8);
const reset = (minutes: number): string => String((start + minutes * 60_000) / 1000);
type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | { fails: string | Error };

/** A forge that gives these answers in their order, the last one from then on. */
function forge(answers: Answer[], more: Partial<ForgeConnection> = {}) {
  let now = start;
  const slept: number[] = [];
  const asked: { method: string; url: string; headers: Headers; at: number }[] = [];
  const clock = {
    now: () => now,
    random: () => 1,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    asked.push({ method: init.method ?? "GET", url: String(url), headers: new Headers(init.headers), at: now });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
    if ("fails" in answer) {
      const cause =
        typeof answer.fails === "string" ? Object.assign(new Error(), { code: answer.fails }) : answer.fails;
      throw new TypeError("fetch failed", { cause });
    }
    const { status = 200, headers = {}, body = {} } = answer;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response([204, 304].includes(status) ? null : text, { status, headers });
  };
  const calls = noApiCalls();
  const connection: ForgeConnection = { apiUrl: "https://api.github.com", clock, fetch, calls, ...more };
  return {
    connection,
    calls,
    slept,
    asked,
    ask: (one: Partial<ForgeRequest> = {}) => send({ ...get, ...one }, connection),
  };
}

const token = "ghs_secret";
const get: ForgeRequest = { method: "GET", path: "/repos/acme/config/pulls?page=1", headers: githubHeaders(token) };
const left = (remaining: number, minutes = 40, limit = 1000, resource = "core"): Record<string, string> => ({
  "x-ratelimit-limit": String(limit),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-used": String(limit - remaining),
  "x-ratelimit-reset": reset(minutes),
  "x-ratelimit-resource": resource,
});
const failure = (task: Promise<unknown>): Promise<OutsideError> =>
  task.then(
    () => expect.unreachable("it did not fail"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(GluError);
      expect(JSON.stringify(error)).not.toContain(token);
      return error as OutsideError;
    },
  );

describe("a limit", () => {
  const secondary = {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  };
  it.each<[string, Answer[], number[]]>([
    ["429 with Retry-After", [{ status: 429, headers: { "retry-after": "7" } }], [7000]],
    ["429 with a date", [{ status: 429, headers: { "retry-after": "Sat, 21 Nov 2026 08:00:09 GMT" } }], [9000]],
    ["429 alone", [{ status: 429 }, { status: 429 }], [500, 1000]],
    ["403 with Retry-After", [{ status: 403, headers: { "retry-after": "7" } }], [7000]],
    ["GitHub's primary one", [{ status: 403, headers: left(0, 0.5) }], [30_000]],
    ["GitHub's secondary one without a time", [{ status: 403, body: secondary }], [60_000]],
    ["GraphQL's", [{ headers: left(0, 0.5, 5000, "graphql"), body: { errors: [{ type: "RATE_LIMITED" }] } }], [30_000]],
    ["GitLab's", [{ status: 429, headers: { "ratelimit-remaining": "0", "ratelimit-reset": reset(0.25) } }], [15_000]],
  ])("as %s is waited for as long as it asks", async (_, limited, waits) => {
    const { ask, slept, asked } = forge([...limited, { body: { found: true } }]);
    await expect(ask()).resolves.toMatchObject({ status: 200, json: { found: true } });
    expect(slept).toEqual(waits);
    expect(asked).toHaveLength(limited.length + 1);
  });

  it("that comes again without a time is waited for longer each time", async () => {
    const limits = { attempts: 3, base: 500, longest: 300_000 };
    const { ask, slept } = forge([{ status: 429, body: secondary }], { limits });
    await failure(ask());
    expect(slept).toEqual([60_000, 120_000]);
  });

  it("that ends later than a call is waited for is not slept, and its end is told", async () => {
    const { ask, slept, asked } = forge([{ status: 429, headers: { "retry-after": "1800" } }]);
    const error = await failure(ask());
    expect(error).toMatchObject({ code: "forge/unreachable", retryAfter: 1_800_000 });
    expect(error.message).toContain("until 2026-11-21 08:30 UTC");
    expect([slept, asked.length]).toEqual([[], 1]);
  });

  it("is no limit where the token may not do it", async () => {
    const { ask, asked } = forge([{ status: 403, headers: left(900), body: { message: "Resource not accessible" } }]);
    await expect(ask()).resolves.toMatchObject({ status: 403 });
    expect(asked).toHaveLength(1);
  });

  it("lets what changes something be sent again: it was not heard", async () => {
    const { ask, asked } = forge([{ status: 429, headers: { "retry-after": "1" } }, { status: 201 }]);
    await expect(ask({ method: "POST" })).resolves.toMatchObject({ status: 201 });
    expect(asked).toHaveLength(2);
  });
});

it.each(["DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"])(
  "a server that is not trusted, with %s, has heard nothing, and it is said how to trust it",
  async (fails) => {
    const { ask } = forge([{ fails }]);
    const error = await failure(ask({ method: "POST" }));
    expect(error).toMatchObject({ code: "forge/unreachable", fix: expect.stringMatching(/^Let NODE_EXTRA_CA_CERTS /) });
  },
);

describe("a call whose outcome is not known", () => {
  const unclear: Record<string, Answer> = {
    "a connection that breaks": { fails: "ECONNRESET" },
    "no answer in time": { fails: Object.assign(new Error(), { name: "TimeoutError" }) },
    "an answer that ends": { fails: "UND_ERR_SOCKET" },
    "500": { status: 500 },
    "502": { status: 502, body: "<html>" },
    "503": { status: 503 },
    "504": { status: 504 },
  };
  it.each(Object.entries(unclear))("with %s is sent once where a second one would be one more", async (_, answer) => {
    const { ask, asked } = forge([answer]);
    const error = await failure(ask({ method: "POST" }));
    expect(error).toMatchObject({ code: "forge/unclear", transient: false });
    expect(error.fix).toMatch(/Look whether it was done/);
    expect(asked).toHaveLength(1);
  });

  it.each(Object.entries(unclear))("with %s is sent again where that changes nothing", async (_, answer) => {
    for (const request of [
      {},
      { method: "PATCH" },
      { method: "POST", effect: "same" },
      { method: "POST", effect: "reads" },
    ] as const) {
      const { ask, asked } = forge([answer, { status: 200 }]);
      await ask(request);
      expect(asked).toHaveLength(2);
    }
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"])("is sent again with %s: nobody heard it", async (fails) => {
    const { ask, asked } = forge([{ fails }, { status: 201 }]);
    await ask({ method: "POST" });
    expect(asked).toHaveLength(2);
  });

  it("is looked for before it is made again", async () => {
    const comments: string[] = [];
    const { connection, asked } = forge([{ body: [] }, { status: 502 }, { body: ["said"] }]);
    const said = await unlessItStands(connection, async (once) => {
      const [there] = (await once(get)).json as string[];
      if (there !== undefined) return there;
      comments.push("said");
      await once({ ...get, method: "POST" });
      return "said";
    });
    expect(said).toBe("said");
    expect(comments).toEqual(["said"]);
    expect(asked.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
  });
});

describe("the budget of a run", () => {
  it("is counted by server and identity, with what is left of each kind", async () => {
    const { ask, calls } = forge([
      { headers: left(990) },
      { headers: left(4990, 40, 5000, "graphql") },
      { headers: left(989) },
    ]);
    await ask();
    await ask({ method: "POST", path: "/graphql", effect: "reads" });
    await ask();
    await ask({ headers: githubHeaders("another") });
    const uses = [...calls.uses.values()];
    expect(uses.map((use) => [use.server, use.calls, use.unchanged])).toEqual([
      ["api.github.com", 3, 0],
      ["api.github.com", 1, 0],
    ]);
    expect(uses[0]?.limits.map((one) => [one.resource, one.limit, one.remaining])).toEqual([
      ["core", 1000, 989],
      ["graphql", 5000, 4990],
    ]);
    expect(JSON.stringify([...calls.uses.keys()])).not.toContain(token);
  });

  it("ends before it is exhausted, with the time at which there is more", async () => {
    const { ask, asked, slept, calls } = forge([{ headers: left(20) }]);
    await ask();
    const error = await failure(ask());
    expect(error).toMatchObject({ code: "forge/budget-exhausted", transient: false, exitCode: 4 });
    expect(error.message).toContain("20 are left until 2026-11-21 08:40 UTC. This run made 1");
    expect(error.fix).toContain("Run again after 2026-11-21 08:40 UTC");
    expect([asked.length, slept]).toEqual([1, []]);
    expect([...calls.uses.values()][0]?.stopped).toContain("20 of 1,000");
  });

  it("keeps a reserve for what was begun", async () => {
    const { ask, asked } = forge([{ headers: left(2) }]);
    await ask();
    await ask({ method: "PATCH" });
    await ask({ method: "PATCH" });
    // What is left is what the answers say: here it stays at two.
    expect(asked).toHaveLength(3);
    const { ask: other } = forge([{ headers: left(0) }]);
    await other();
    expect((await failure(other({ method: "PATCH" }))).code).toBe("forge/budget-exhausted");
    expect([60, 1000, 5000, 15_000].map((limit) => reserveOf({ limit }))).toEqual([1, 20, 50, 50]);
  });

  it("is not overdrawn by calls that are made at once", async () => {
    const { ask, asked } = forge([{ headers: left(25) }]);
    await ask();
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => ask()));
    expect(all.filter(({ status }) => status === "rejected")).toHaveLength(7);
    expect(asked).toHaveLength(6);
  });

  it("of another kind does not end it, and a new hour begins anew", async () => {
    const { ask, asked, connection } = forge([{ headers: left(0, 40, 5000, "graphql") }, { headers: left(500) }]);
    await ask({ method: "POST", path: "/graphql", effect: "reads" });
    await ask();
    expect((await failure(ask({ method: "POST", path: "/graphql", effect: "reads" }))).code).toBe(
      "forge/budget-exhausted",
    );
    await connection.clock.sleep(41 * 60_000);
    await ask({ method: "POST", path: "/graphql", effect: "reads" });
    expect(asked).toHaveLength(3);
  });

  it("that is given anew in a moment is waited for", async () => {
    const { ask, slept, asked } = forge([{ headers: left(0, 0.5, 2000) }, { headers: left(1999, 1.5, 2000) }]);
    await ask();
    await ask();
    expect([slept, asked.length]).toEqual([[30_000], 2]);
  });

  it("that a server calls as it likes is kept, too", async () => {
    const gitlabs = (remaining: number, minutes: number) => ({
      "ratelimit-limit": "2000",
      "ratelimit-name": "throttle_authenticated_api",
      "ratelimit-observed": String(2000 - remaining),
      "ratelimit-remaining": String(remaining),
      "ratelimit-reset": reset(minutes),
    });
    const { ask, slept, asked } = forge([{ headers: gitlabs(0, 0.5) }, { headers: gitlabs(30, 40) }]);
    await ask();
    await ask();
    expect([slept, asked.length]).toEqual([[30_000], 2]);
    expect(await failure(ask())).toMatchObject({
      code: "forge/budget-exhausted",
      message: expect.stringContaining("(throttle_authenticated_api)"),
    });
    expect(asked).toHaveLength(2);
  });

  it("that is exhausted by others is said as such", async () => {
    const { ask } = forge([{ status: 403, headers: left(0), body: { message: "API rate limit exceeded" } }]);
    expect(await failure(ask())).toMatchObject({ code: "forge/budget-exhausted" });
    const { connection } = forge([{ status: 429, headers: left(0) }]);
    const error = await failure(send(get, { ...connection, calls: undefined }));
    expect(error).toMatchObject({ code: "forge/budget-exhausted" });
  });

  it("lets changes be made one after the other, and a second apart where they are many", async () => {
    const { ask, asked } = forge([{ status: 200 }]);
    await Promise.all(Array.from({ length: 14 }, () => ask({ method: "PATCH" })));
    const gaps = asked.map(({ at }, index) => at - (asked[index - 1]?.at ?? at));
    expect(gaps).toEqual([...Array(10).fill(0), 1000, 1000, 1000, 1000]);
    const other = forge([{ status: 200 }], { apiUrl: "https://gitlab.com/api/v4" });
    for (let count = 0; count < 14; count++) await other.ask({ method: "PUT", headers: { "private-token": token } });
    expect(other.slept).toEqual([]);
  });
});

describe("a conditional request", () => {
  const page = { headers: { etag: 'W/"1"', link: '<https://x/?page=2>; rel="next"', ...left(900) }, body: [{ id: 1 }] };
  const memory = () => {
    const kept = new Map<string, { etag: string; body: Uint8Array }>();
    const port: HttpMemory = {
      get: async (url) => kept.get(url),
      put: async (url, answer) => void kept.set(url, answer),
    };
    return { kept, port };
  };
  const run = (answers: Answer[], port: HttpMemory | undefined) => {
    const one = forge(answers);
    (one.calls as ApiCalls).memory = port;
    return one;
  };

  it("is made in the same run, and an unchanged answer is the one before", async () => {
    const { ask, asked, calls } = run([page, { status: 304, headers: left(900) }], undefined);
    const first = await ask();
    const second = await ask();
    expect(second).toMatchObject({ status: 200, json: first.json });
    expect(second.headers.get("link")).toBe(page.headers.link);
    expect(asked.map(({ headers }) => headers.get("if-none-match"))).toEqual([null, 'W/"1"']);
    expect([...calls.uses.values()]).toMatchObject([{ calls: 2, unchanged: 1 }]);
  });

  it("is made with what an earlier run was told, where that was to be remembered", async () => {
    const { kept, port } = memory();
    await run([page], port).ask({ remember: true });
    await run([page], port).ask({ path: "/other" });
    expect(kept.size).toBe(1);
    const { ask, asked } = run([{ status: 304 }], port);
    await expect(ask({ remember: true })).resolves.toMatchObject({ status: 200, json: [{ id: 1 }] });
    expect(asked[0]?.headers.get("if-none-match")).toBe('W/"1"');
  });

  it("is not made with what another identity was told", async () => {
    const { port } = memory();
    await run([page], port).ask({ remember: true });
    const { ask, asked } = run([page], port);
    await ask({ remember: true, headers: githubHeaders("another") });
    expect(asked[0]?.headers.get("if-none-match")).toBeNull();
  });

  it("believes no answer that somebody else put into the memory, and shows none to who reads it", async () => {
    const { kept, port } = memory();
    await run([page], port).ask({ remember: true });
    const [[url, good] = ["", { etag: "", body: new Uint8Array() }]] = [...kept];
    expect(`${url}${Buffer.from(good.body).toString("latin1")}`).not.toMatch(/"id"|ghs_/);
    const forged = JSON.stringify({ etag: good.etag, headers: {}, json: [{ id: 666 }] });
    const flipped = Buffer.from(good.body);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const bad of [
      { ...good, body: Buffer.from(forged) },
      { ...good, body: flipped },
      { ...good, etag: '"2"' },
      { ...good, body: new Uint8Array() },
    ]) {
      kept.set(url, bad);
      const { ask, asked } = run([page], port);
      await expect(ask({ remember: true })).resolves.toMatchObject({ json: [{ id: 1 }] });
      expect(asked[0]?.headers.get("if-none-match")).toBeNull();
    }
  });

  it("is made for reading only", async () => {
    const { ask, asked } = run([page], undefined);
    await ask({ method: "POST", effect: "reads" });
    await ask({ method: "POST", effect: "reads" });
    expect(asked[1]?.headers.get("if-none-match")).toBeNull();
  });
});

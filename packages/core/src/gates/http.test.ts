import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { HttpAnswer, HttpQuestion } from "../ports/outside.ts";
import { type Looking, looked } from "../test-kit/looking.ts";
import { clockAt, start } from "../test-kit/memory.ts";
import { http } from "./http.ts";
import { renderAddress } from "./outside/address.ts";

type Answer = Partial<HttpAnswer> | OutsideError;

/** What the gate says when it is answered so, one answer after the other, and what was asked. */
async function asked(given: object, answers: Answer | readonly Answer[], looking: Looking = {}) {
  const questions: HttpQuestion[] = [];
  const left = [answers].flat();
  const clock = clockAt(start);
  const ask = async (question: HttpQuestion): Promise<HttpAnswer> => {
    questions.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error("it was asked once too often");
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: {}, body: "", ...answer };
  };
  const outside = { http: { ask }, ...looking.outside };
  const gate = await looked(http, { url, ...given }, { clock, ...looking, outside });
  return { gate, questions, waited: clock.now() - start, left };
}

const url = "https://status.test/health";
const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });

describe("the status", () => {
  it.each([
    [{}, 200, { met: true, seen: `${url} answers 200` }],
    [{}, 299, { met: true }],
    [{}, 199, { met: false, code: "http/status" }],
    [{}, 301, { met: false, code: "http/status" }],
    [{}, 404, { met: false, code: "http/status", seen: `${url} answers 404, and 200 to 299 is wanted` }],
    [{}, 401, { met: false, code: "http/denied", clearedBy: "headers that the server takes" }],
    [{}, 403, { met: false, code: "http/denied" }],
    [{ status: 401 }, 401, { met: true }],
    [{ status: 204 }, 200, { met: false, seen: `${url} answers 200, and 204 is wanted` }],
    [{ status: [200, 404] }, 404, { met: true }],
    [{ status: [200, 404] }, 410, { met: false, seen: `${url} answers 410, and 200 or 404 is wanted` }],
  ])("with %j, %i is judged", async (given, status, said) => {
    const { gate } = await asked(given, { status });
    expect(gate).toMatchObject({ outcome: "held", ...said });
  });
});

describe("a value in JSON", () => {
  const prometheus = { data: { result: [{ value: [1700000000, "0.02"] }] } };
  const value = "$.data.result[0].value[1]";
  it.each([
    [{ path: "$.state", equals: "ok" }, { state: "ok" }, { met: true, seen: `${url} answers 200, $.state is "ok"` }],
    [
      { path: "$.state", equals: "ok" },
      { state: "down" },
      { met: false, code: "http/value", seen: `${url} answers 200, and $.state is "down", and "ok" is wanted` },
    ],
    [{ path: "$.state", equals: "ok" }, {}, { met: false, code: "http/no-value" }],
    [{ path: "$.n", equals: 1 }, { n: "1" }, { met: false, code: "http/value" }],
    [{ path: "$.n", equals: null }, { n: null }, { met: true }],
    [{ path: "$.n", equals: false }, { n: null }, { met: false, code: "http/value" }],
    [{ path: "$.v", matches: "1.4.*" }, { v: "1.4.2/rc" }, { met: true }],
    [{ path: "$.v", matches: "1.4.*" }, { v: "1.5.0" }, { met: false, code: "http/value" }],
    [{ path: "$.v", matches: "*" }, { v: 14 }, { met: false, code: "http/value" }],
    [{ path: value, max: 0.05 }, prometheus, { met: true }],
    [{ path: value, max: 0.01 }, prometheus, { met: false, seen: expect.stringContaining('"0.02", and at most 0.01') }],
    [{ path: value, min: 0.02, max: 0.02 }, prometheus, { met: true }],
    [{ path: "$.n", max: 1 }, { n: "NaN" }, { met: false }],
    [{ path: "$.n", max: 1 }, { n: "" }, { met: false }],
    [{ path: "$.n", max: 1 }, { n: null }, { met: false }],
    [{ path: "$.n", min: 0 }, { n: [] }, { met: false }],
    [{ path: "$.c[*].ok", equals: true }, { c: [{ ok: true }, { ok: true }] }, { met: true }],
    [{ path: "$.c[*].ok", equals: true }, { c: [{ ok: true }, { ok: false }] }, { met: false, code: "http/value" }],
    [{ path: "$.c[?@.level == 'page'].ok", exists: false }, { c: [{ level: "info", ok: 1 }] }, { met: true }],
    [{ path: "$.c[*]", exists: false }, { c: ["x"] }, { met: false, code: "http/value" }],
    [{ path: "$.c", exists: true }, { c: null }, { met: true }],
    [
      [
        { path: "$.a", equals: 1 },
        { path: "$.b", equals: 2 },
      ],
      { a: 1, b: 3 },
      { met: false, seen: /\$\.b is 3/ },
    ],
    [{ path: "$[", exists: true }, {}, { met: false, code: "http/path" }],
    [{ path: "$.__proto__.x", exists: true }, { a: 1 }, { met: false, code: "http/no-value" }],
  ])("%j of %j", async (expected, document, said) => {
    const { seen, ...rest } = said as { seen?: unknown };
    const { gate } = await asked({ json: expected }, json(document));
    expect(gate).toMatchObject({ outcome: "held", ...rest });
    if (seen instanceof RegExp) expect(gate.seen).toMatch(seen);
    else if (seen !== undefined) expect(gate.seen).toEqual(seen);
  });

  it("is not looked for in an answer of another status", async () => {
    const { gate } = await asked({ json: { path: "$.a", equals: 1 } }, { status: 404, body: "<html>" });
    expect(gate).toMatchObject({ met: false, code: "http/status" });
  });

  it.each(["", "<html>secret of the page</html>", "{", "nul"])(
    "is held for %j, which is not JSON and is not repeated",
    async (body) => {
      const { gate } = await asked({ json: { path: "$.a", equals: 1 } }, { body });
      expect(gate).toMatchObject({ met: false, code: "http/not-json", outcome: "held" });
      expect(gate.seen).not.toContain("secret of");
    },
  );

  it("is shown cut when it is long, and never half a character", async () => {
    const { gate } = await asked({ json: { path: "$", equals: 1 } }, json("😀".repeat(5000)));
    expect(gate.seen.length).toBeLessThan(300);
    expect(gate.seen.isWellFormed()).toBe(true);
  });

  it("is held when nesting is deeper than a path follows", async () => {
    const body = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const { gate } = await asked({ json: { path: "$..x", exists: false } }, { body });
    expect(gate).toMatchObject({ met: false, code: "http/path" });
  });

  it("that equals passes, and no other one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), async (found, equals) => {
        const { gate } = await asked({ json: { path: "$.x", equals } }, json({ x: found }));
        expect(gate.met).toBe(JSON.stringify(found) === JSON.stringify(equals));
      }),
    );
  });
});

describe("asking again", () => {
  const busy = (status: number, retryAfter?: string): Answer => ({
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
  });
  const refused = new OutsideError("http/unreachable", "It cannot be reached: ECONNREFUSED.", { transient: true });

  it.each([429, 500, 502, 503, 504])("after %i, with a longer wait each time", async (status) => {
    const { gate, questions, waited } = await asked({}, [busy(status), busy(status), {}]);
    expect([gate.met, questions.length, waited]).toEqual([true, 3, 375 + 750]);
  });

  it.each([400, 401, 404, 501])("not after %i, which will not change by waiting", async (status) => {
    const { questions } = await asked({}, busy(status));
    expect(questions).toHaveLength(1);
  });

  it("waits what Retry-After asks for, in seconds or until a date", async () => {
    expect((await asked({}, [busy(429, "7"), {}])).waited).toBe(7000);
    const date = new Date(start + 9000).toUTCString();
    expect((await asked({}, [busy(503, date), {}])).waited).toBe(9000);
  });

  it("does not wait for longer than it has time: what was seen last counts", async () => {
    const { gate, questions, waited } = await asked({ timeout: "10s" }, busy(429, "60"));
    expect(gate).toMatchObject({ met: false, code: "http/status", seen: expect.stringContaining("answers 429") });
    expect([questions.length, waited]).toEqual([1, 0]);
  });

  it("ends after as many times as the config says, with the last failure", async () => {
    const { gate, questions } = await asked({ retries: 1 }, [refused, refused]);
    expect(questions).toHaveLength(2);
    expect(gate).toMatchObject({ met: false, outcome: "held", code: "http/unreachable" });
    expect((await asked({ retries: 0 }, busy(503))).questions).toHaveLength(1);
  });

  it("not when the status is the one that is wanted", async () => {
    expect((await asked({ status: 503 }, busy(503))).gate.met).toBe(true);
  });

  it("not after a failure that stays", async () => {
    const certificate = new OutsideError("http/certificate", "It cannot be trusted: EXPIRED.", { fix: "Renew it." });
    const { gate } = await asked({}, certificate);
    expect(gate).toMatchObject({ code: "http/certificate", clearedBy: "Renew it." });
  });

  it("ends with its time, and says so", async () => {
    const ask = (_question: HttpQuestion, signal: AbortSignal) =>
      new Promise<HttpAnswer>((_, reject) => {
        signal.addEventListener("abort", () =>
          reject(new OutsideError("http/timeout", "It did not answer in time.", { transient: true })),
        );
      });
    const { gate } = await asked({ timeout: "1s" }, [], { outside: { http: { ask } } });
    expect(gate).toMatchObject({ met: false, outcome: "held", code: "http/timeout" });
  });
});

describe("what is asked", () => {
  const render = (template: string) => template.replaceAll("{{ branch }}", "a/b?c=d&../é");

  it("is the address with its templates percent-encoded", async () => {
    const given = { url: "https://status.test/{{ branch }}?of={{ branch }}" };
    const { questions, gate } = await asked(given, {}, { render });
    const encoded = "a%2Fb%3Fc%3Dd%26..%2F%C3%A9";
    expect(questions[0]).toEqual({
      method: "GET",
      url: `https://status.test/${encoded}?of=${encoded}`,
      headers: {},
      body: undefined,
    });
    // What stands behind the question mark could be a key.
    expect(gate.seen).toBe(`https://status.test/${encoded} answers 200`);
  });

  it("never leaves the host and the folder that the config names, whatever a value is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.constantFrom(".", "..", "%2e%2e", "/../", "\\..", "@evil.test", "?", "#"),
        ),
        (value) => {
          let made: URL;
          try {
            made = new URL(renderAddress("https://status.test/apps/{{ x }}/state", () => value));
          } catch (error) {
            expect(error).toMatchObject({ code: "http/template" });
            return;
          }
          expect(made.host).toBe("status.test");
          expect(made.pathname).toMatch(/^\/apps\/[^/]*\/state$/);
          expect(made.search + made.hash + made.username).toBe("");
        },
      ),
    );
  });

  it.each([".", ".."])("is nothing when a value is %j, which would be a step up", async (value) => {
    const { gate, questions } = await asked({ url: "https://status.test/a/{{ x }}" }, [], { render: () => value });
    expect(gate).toMatchObject({ met: false, code: "http/template" });
    expect(questions).toEqual([]);
  });

  it("has headers with values of the job, and is held without them", async () => {
    const headers = { Authorization: { env: "MONITOR_TOKEN", prefix: "Bearer " }, "X-Branch": "of {{ branch }}" };
    const secret = (name: string) => (name === "MONITOR_TOKEN" ? "s3cret\n" : undefined);
    const { questions, gate } = await asked({ headers }, {}, { outside: { secret }, render: () => "of main" });
    expect(questions[0]?.headers).toEqual({ authorization: "Bearer s3cret", "x-branch": "of main" });
    expect(JSON.stringify(gate)).not.toContain("s3cret");
    const without = await asked({ headers }, []);
    expect(without.gate).toMatchObject({ met: false, code: "http/no-variable", clearedBy: "MONITOR_TOKEN in the job" });
  });

  it.each(["two\nlines", "a\r\nX-Admin: 1", "emoji 😀", "nul\0"])(
    "has no header with %j in it, and does not repeat it",
    async (value) => {
      const { gate } = await asked({ headers: { "x-key": { env: "KEY" } } }, [], { outside: { secret: () => value } });
      expect(gate).toMatchObject({ met: false, code: "http/header" });
      expect(JSON.stringify(gate)).not.toContain(JSON.stringify(value).slice(1, -1));
    },
  );

  it("is posted as a text as it stands, or as JSON in which values cannot break out", async () => {
    const text = await asked({ method: "POST", body: "{{ branch }}" }, {}, { render });
    expect(text.questions[0]).toMatchObject({ method: "POST", body: "{{ branch }}", headers: {} });
    const hostile = '", "admin": true, "x": "';
    const body = { query: "{{ x }}", variables: { names: ["{{ x }}"], first: 1, all: null } };
    const { questions } = await asked({ method: "POST", body }, {}, { render: () => hostile });
    expect(JSON.parse(questions[0]?.body ?? "")).toEqual({
      query: hostile,
      variables: { names: [hostile], first: 1, all: null },
    });
    expect(questions[0]?.headers).toEqual({ "content-type": "application/json" });
  });

  it("is nothing when a template has no value for the artifact", async () => {
    const broken = () => {
      throw new UserError("template/missing-variable", "There is no vars.X.");
    };
    const { gate } = await asked({ url: "https://status.test/{{ vars.X }}" }, [], { render: broken });
    expect(gate).toMatchObject({ met: false, outcome: "held", code: "http/template" });
    expect(gate.seen).toContain("There is no vars.X");
  });

  it("is asked for a plan, too", async () => {
    expect((await asked({}, {}, { plan: true })).questions).toHaveLength(1);
  });
});

it.each([
  [{ url: "ftp://status.test/" }],
  [{ url: "https://{{ vars.host }}/" }],
  [{ url: "https://status.test{{ vars.host }}/" }],
  [{ url: "https://user:pass@status.test/" }],
  [{ url: "https://status.test\\@evil.test/" }],
  [{ url: "status.test" }],
  [{ url, method: "DELETE" }],
  [{ url, status: "2xx" }],
  [{ url, status: [] }],
  [{ url, headers: { Host: "other" } }],
  [{ url, headers: { "a b": "x" } }],
  [{ url, headers: { a: { env: "A", value: "x" } } }],
  [{ url: "http://status.test/", headers: { a: { env: "A" } } }],
  [{ url: "http://127.0.0.1.evil.test/", headers: { a: { env: "A" } } }],
  [{ url: "http://localhost.evil.test/", headers: { a: { env: "A" } } }],
  [{ url, body: "x" }],
  [{ url, method: "HEAD", json: { path: "$", exists: true } }],
  [{ url, json: { path: "state", equals: 1 } }],
  [{ url, json: { path: "$.state" } }],
  [{ url, json: { path: "$.state", exists: false, equals: 1 } }],
  [{ url, json: [] }],
  [{ url, json: { path: "$", equals: { a: 1 } } }],
  [{ url, retries: 11 }],
  [{ url, timeout: "0s" }],
  [{ url, timeout: "2d" }],
  [{ url, verify: false }],
])("refuses the options %j", (given) => {
  expect(http.options!.safeParse(given).success).toBe(false);
});

it.each([
  { url: "http://127.0.0.1:8080/x", headers: { a: { env: "A" } } },
  { url: "http://localhost/x", headers: { a: { env: "A" } } },
  { url: "http://status.test", headers: { a: "fixed" } },
  { url: "https://status.test?q={{ app }}" },
])("takes the options %j", (given) => {
  expect(http.options!.safeParse(given).error).toBeUndefined();
});

describe("a secret that the server gives back", () => {
  const secret = 'ghp_canary"0123456789';
  const outside = { redact: (text: string) => text.replaceAll(JSON.stringify(secret).slice(1, -1), "***") };
  const say = (value: string) =>
    asked({ json: { path: "$.auth", equals: "x" } }, json({ auth: value }), { outside }).then(({ gate }) => gate.seen);

  it("is not said", async () => {
    expect(await say(`Bearer ${secret}`)).toContain('$.auth is "Bearer ***", and "x" is wanted');
  });

  it("is not said in part where its value is cut", async () => {
    for (let before = 70; before < 110; before++) expect(await say("x".repeat(before) + secret)).not.toContain("ghp");
  });

  it("is found as it is: what is wanted is compared with what the server said", async () => {
    const { gate } = await asked({ json: { path: "$.auth", matches: "*canary*" } }, json({ auth: secret }), {
      outside,
    });
    expect(gate).toMatchObject({ met: true, seen: `${url} answers 200, $.auth is "***"` });
  });
});

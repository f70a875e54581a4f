import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { timestamp } from "../model/names.ts";
import type { HttpAnswer, HttpQuestion } from "../ports/outside.ts";
import { type Looking, looked } from "../test-kit/looking.ts";
import { someTip, start } from "../test-kit/memory.ts";
import { isImpossible, isWithin } from "./prometheus/bounds.ts";
import { stepsOf } from "./prometheus/steps.ts";
import { prometheus } from "./prometheus.ts";

type Answer = Partial<HttpAnswer> | OutsideError;
const url = "https://prom.test/prometheus";
const minute = 60_000;

/** What the gate says when it is answered so, and what it asked. */
async function asked(given: object, answer: Answer | ((form: URLSearchParams) => Answer), looking: Looking = {}) {
  const questions: HttpQuestion[] = [];
  const ask = async (question: HttpQuestion): Promise<HttpAnswer> => {
    questions.push(question);
    const said = typeof answer === "function" ? answer(new URLSearchParams(question.body)) : answer;
    if (said instanceof Error) throw said;
    return { status: 200, headers: {}, body: "", ...said };
  };
  const outside = { http: { ask }, ...looking.outside };
  const gate = await looked(prometheus, { url, query: "errors", retries: 0, ...given }, { ...looking, outside });
  return { gate, questions, forms: questions.map(({ body }) => Object.fromEntries(new URLSearchParams(body))) };
}

const success = (data: object, more: object = {}): Answer => ({
  body: JSON.stringify({ status: "success", data, ...more }),
});
const at = start / 1000;
const vector = (...values: string[]) =>
  success({
    resultType: "vector",
    result: values.map((value, index) => ({ metric: { __name__: "errors", pod: `p${index}` }, value: [at, value] })),
  });
const scalar = (value: string) => success({ resultType: "scalar", result: [at, value] });

/** A series per function of the step's number; undefined: no sample there. */
const matrix =
  (...series: ((step: number, steps: number) => string | undefined)[]) =>
  (form: URLSearchParams): Answer => {
    const [from, to, step] = ["start", "end", "step"].map((key) => Number(form.get(key))) as [number, number, number];
    const count = Math.round((to - from) / step);
    const result = series.map((valueAt, index) => ({
      metric: { pod: `p${index}` },
      values: Array.from({ length: count + 1 }, (_, number) => [from + number * step, valueAt(number, count)]).filter(
        ([, value]) => value !== undefined,
      ),
    }));
    return success({ resultType: "matrix", result: result.filter(({ values }) => values.length > 0) });
  };

const releasedAgo = (milliseconds: number): Looking => ({
  release: { commit: someTip, releasedAt: start - milliseconds, isIn: async () => true },
});

describe("now", () => {
  it.each<[object, Answer, object]>([
    [{ max: 1 }, vector("1"), { met: true, seen: 'errors{pod="p0"} is 1, and at most 1 is wanted' }],
    [{ below: 1 }, vector("1"), { met: false, code: "prometheus/value", outcome: "held" }],
    [{ above: 1 }, vector("1"), { met: false }],
    [{ min: 1 }, vector("1"), { met: true }],
    [{ equals: 1 }, vector("1.0"), { met: true }],
    [{ min: 0, below: 1 }, vector("0.999"), { met: true }],
    [{ max: 1 }, vector("0", "3", "0"), { met: false, seen: 'errors{pod="p1"} is 3, and at most 1 is wanted' }],
    [{ max: 1 }, vector("0", "1"), { met: true, seen: "each of 2 series is from 0 to 1, and at most 1 is wanted" }],
    [{ max: 1 }, scalar("0.5"), { met: true, seen: "the value is 0.5, and at most 1 is wanted" }],
    [{ max: 1 }, vector("+Inf"), { met: false, code: "prometheus/value" }],
    [{ min: 1 }, vector("-Inf"), { met: false, code: "prometheus/value" }],
    [{ max: 1 }, vector("NaN"), { met: false, code: "prometheus/no-data" }],
    [
      { max: 1 },
      vector("0", "NaN"),
      { met: false, code: "prometheus/no-data", seen: 'errors{pod="p1"} is NaN, which is no number' },
    ],
    [{ max: 1 }, vector("2", "NaN"), { met: false, code: "prometheus/value" }],
    [{ max: 1, empty: "met" }, vector("NaN"), { met: true }],
    [{ max: 1 }, vector(), { met: false, code: "prometheus/no-data", seen: "there is no data", outcome: "held" }],
    [{ max: 1, empty: "met" }, vector(), { met: true, seen: "there is no data, which is met" }],
    [{ max: 1 }, vector("1e-3"), { met: true }],
    [{ max: 1 }, vector(""), { met: false, code: "prometheus/no-data" }],
    [{ max: 1 }, success({ resultType: "string", result: [at, "0"] }), { met: false, code: "prometheus/result" }],
    [
      { max: 1 },
      success({ resultType: "vector", result: [{ metric: {}, histogram: [at, {}] }] }),
      { met: false, code: "prometheus/result" },
    ],
    [
      { max: 1 },
      success({
        resultType: "matrix",
        result: [
          {
            metric: {},
            values: [
              [at, "0"],
              [at, "2"],
            ],
          },
        ],
      }),
      { met: false, code: "prometheus/value" },
    ],
    [
      { max: 1 },
      success({ resultType: "scalar", result: [at, "0"] }, { warnings: ["a store is missing"] }),
      { met: false, code: "prometheus/partial" },
    ],
    [
      { max: 1 },
      success({ resultType: "scalar", result: [at, "0"] }, { warnings: [], infos: ["no counter"] }),
      { met: true },
    ],
    [
      { max: 1 },
      success({ resultType: "scalar", result: [at, "0"] }, { isPartial: true }),
      { met: false, code: "prometheus/partial" },
    ],
    [
      { max: 1 },
      success({ resultType: "scalar", result: [at, "2"] }, { warnings: ["a store is missing"] }),
      { met: false, code: "prometheus/value" },
    ],
  ])("with %j, %j is judged", async (given, answer, said) => {
    expect((await asked(given, answer)).gate).toMatchObject(said);
  });

  it("asks with a form, at the time of the run", async () => {
    const { questions, forms } = await asked({ query: 'up{app="web"}', max: 1 }, vector("1"));
    expect(questions[0]).toMatchObject({ method: "POST", url: `${url}/api/v1/query` });
    expect(questions[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(forms).toEqual([{ query: 'up{app="web"}', time: String(start / 1000) }]);
  });

  it("a release whose number is not good has failed, and one without a number has not", async () => {
    expect((await asked({ max: 1 }, vector("2"), releasedAgo(minute))).gate).toMatchObject({ outcome: "refused" });
    expect((await asked({ max: 1 }, vector("NaN"), releasedAgo(minute))).gate).toMatchObject({ outcome: "held" });
    expect((await asked({ max: 1 }, vector(), releasedAgo(minute))).gate).toMatchObject({ outcome: "held" });
  });
});

describe("over a time", () => {
  const good = () => "0";
  it.each<[string, (form: URLSearchParams) => Answer, Looking, object]>([
    ["good all the time", matrix(good), {}, { met: true, seen: '{pod="p0"} is 0 for 10m, and at most 1 is wanted' }],
    [
      "bad once",
      matrix((step) => (step === 3 ? "2" : "0")),
      {},
      { met: false, outcome: "held", code: "prometheus/value" },
    ],
    [
      "bad in one series",
      matrix(good, (step) => (step === 0 ? "2" : "0")),
      {},
      { met: false, seen: expect.stringContaining('{pod="p1"} was 2 at 2026-') },
    ],
    [
      "a release, bad once",
      matrix((step) => (step === 3 ? "2" : "0")),
      releasedAgo(60 * minute),
      { outcome: "refused", code: "prometheus/value" },
    ],
    ["a release that is new, bad at once", matrix(() => "2"), releasedAgo(minute), { outcome: "refused" }],
    [
      "a release that is new",
      matrix(good),
      releasedAgo(4 * minute),
      { met: false, outcome: "held", code: "prometheus/waiting", clearsAt: new Date(start + 6 * minute).toISOString() },
    ],
    ["a release that is old enough to the moment", matrix(good), releasedAgo(10 * minute), { met: true }],
    [
      "a gap",
      matrix((step) => (step > 4 && step < 9 ? undefined : "0")),
      {},
      { met: false, code: "prometheus/no-data", seen: "there is no data for 1m of the time" },
    ],
    ["a gap that another series fills", matrix(good, (step) => (step > 4 ? undefined : "0")), {}, { met: true }],
    [
      "nothing at the end",
      matrix((step, steps) => (step === steps ? undefined : "0")),
      {},
      { met: false, code: "prometheus/no-data" },
    ],
    ["nothing", matrix(), releasedAgo(60 * minute), { met: false, code: "prometheus/no-data", outcome: "held" }],
  ])("%s", async (_, answer, looking, said) => {
    expect((await asked({ max: 1, over: "10m" }, answer, looking)).gate).toMatchObject(said);
  });

  it("clears when the gap has passed, as it says", async () => {
    const { gate } = await asked(
      { max: 1, over: "10m" },
      matrix((step) => (step === 0 ? undefined : "0")),
    );
    expect(gate).toMatchObject({ code: "prometheus/no-data", clearsAt: new Date(start + 15_000).toISOString() });
  });

  it("takes no data for good where the config says so, and waits all the same", async () => {
    const given = { max: 1, over: "10m", empty: "met" };
    expect((await asked(given, matrix(), releasedAgo(60 * minute))).gate).toMatchObject({ met: true });
    expect((await asked(given, matrix(), releasedAgo(minute))).gate).toMatchObject({ code: "prometheus/waiting" });
  });

  it("begins at the release, and never further back than its time", async () => {
    const from = async (ago: number) =>
      Number((await asked({ max: 1, over: "10m" }, matrix(good), releasedAgo(ago))).forms[0]?.start) * 1000;
    expect(await from(4 * minute)).toBe(start - 4 * minute);
    expect(await from(60 * minute)).toBe(start - 10 * minute);
  });

  it("begins when the release was seen to be there, where a gate beside tells", async () => {
    const given = { max: 1, over: "10m", after: "5m" };
    const arrived = (arrivedAt: number | "awaited"): Looking => ({
      release: { ...(releasedAgo(60 * minute).release as NonNullable<Looking["release"]>), arrivedAt },
    });
    const awaited = await asked(given, matrix(good), arrived("awaited"));
    expect(awaited.gate).toMatchObject({
      code: "prometheus/waiting",
      outcome: "held",
      seen: "is measured once the release is there",
      clearedBy: "the release, once it is there",
    });
    const early = await asked(given, matrix(good), arrived(start - 4 * minute));
    expect(early.gate).toMatchObject({
      seen: "is looked at 5m after the release is there",
      clearsAt: timestamp(start + 11 * minute),
    });
    expect([...awaited.questions, ...early.questions]).toEqual([]);
    const [form] = (await asked(given, matrix(good), arrived(start - 8 * minute))).forms;
    expect(Number(form?.start) * 1000).toBe(start - 3 * minute);
    expect((await asked(given, matrix(good), arrived(start - 15 * minute))).gate).toMatchObject({ met: true });
    expect((await asked({ max: 1 }, vector("2"), arrived("awaited"))).gate).toMatchObject({ outcome: "held" });
    expect((await asked({ max: 1 }, vector("2"), arrived(start))).gate).toMatchObject({ outcome: "refused" });
  });

  it("begins after the time that a release is given to arrive", async () => {
    const given = { max: 1, over: "10m", after: "5m" };
    const early = await asked(
      given,
      matrix(() => "9"),
      releasedAgo(4 * minute),
    );
    expect(early.gate).toMatchObject({
      code: "prometheus/waiting",
      outcome: "held",
      seen: "is looked at 5m after the release was made",
      clearsAt: new Date(start + 11 * minute).toISOString(),
    });
    expect(early.questions).toEqual([]);
    const later = await asked(given, matrix(good), releasedAgo(8 * minute));
    expect(Number(later.forms[0]?.start) * 1000).toBe(start - 3 * minute);
    expect(later.gate).toMatchObject({
      code: "prometheus/waiting",
      clearsAt: new Date(start + 7 * minute).toISOString(),
    });
    expect((await asked(given, matrix(good), releasedAgo(15 * minute))).gate).toMatchObject({ met: true });
    // Before a release there is nothing to wait for.
    expect((await asked(given, matrix(good))).gate).toMatchObject({ met: true });
  });

  it("bears a server that moves the times to whole steps", async () => {
    const moved = (form: URLSearchParams) => {
      const at = (key: string) => Math.floor(Number(form.get(key)) / 15) * 15 - 0.5;
      return matrix(good)(
        new URLSearchParams({ start: String(at("start")), end: String(at("end")), step: form.get("step") ?? "" }),
      );
    };
    expect((await asked({ max: 1, over: "10m" }, moved)).gate).toMatchObject({ met: true });
  });

  it("has its last sample now, at most 500 of them, and none closer than a second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 * 86_400 }), fc.nat(1_000_000), (seconds, late) => {
        const over = seconds * 1000;
        const { from, to, step } = stepsOf({ from: start - Math.min(over, late * 1000), to: start, over });
        expect(to).toBe(start);
        expect((to - from) % step).toBe(0);
        expect((to - from) / step).toBeLessThanOrEqual(500);
        expect(step).toBeGreaterThanOrEqual(1000);
      }),
    );
  });
});

describe("what is no answer", () => {
  const error = (status: number, errorType: string, text = "it is so"): Answer => ({
    status,
    body: JSON.stringify({ status: "error", errorType, error: text }),
  });
  it.each<[string, Answer, string]>([
    ["a query that is none", error(400, "bad_data", "parse error"), "prometheus/query"],
    ["a query that fails", error(422, "execution"), "prometheus/query"],
    ["a query that takes too long", error(503, "timeout"), "prometheus/status"],
    ["an error with 200", error(200, "internal"), "prometheus/status"],
    ["no token", { status: 401 }, "prometheus/denied"],
    ["a token of somebody else", { status: 403, body: "<html>" }, "prometheus/denied"],
    ["a page", { body: "<html>" }, "prometheus/not-json"],
    ["JSON of something else", { body: '{"ok":true}' }, "prometheus/not-json"],
    ["another result", success({ resultType: "tensor", result: [] }), "prometheus/not-json"],
    ["a broken server", { status: 500 }, "prometheus/status"],
    ["nobody", new OutsideError("http/unreachable", "It cannot be reached.", { transient: true }), "http/unreachable"],
    ["too much", new OutsideError("http/too-large", "It is larger than 4 MB."), "http/too-large"],
  ])("%s is held, also of a release", async (_, answer, code) => {
    for (const looking of [{}, releasedAgo(60 * minute)]) {
      const { gate } = await asked({ max: 1 }, answer, looking);
      expect(gate).toMatchObject({ met: false, outcome: "held", code });
      expect(gate.seen).not.toContain("<html>");
    }
  });

  it("says what the server says, without secrets and on one line", async () => {
    const redact = (text: string) => text.replaceAll("s3cret", "***");
    const long = `bad "s3cret"\n::error::x ${"y".repeat(500)}`;
    const { gate } = await asked({ max: 1 }, error(400, "bad_data", long), { outside: { redact } });
    expect(gate.seen).toContain('bad_data: bad "***" ::error::x');
    expect(gate.seen.length).toBeLessThan(400);
  });

  it("needs its variable", async () => {
    const given = { max: 1, token: { env: "PROM_TOKEN" } };
    expect((await asked(given, vector("0"))).gate).toMatchObject({ code: "prometheus/no-variable", outcome: "held" });
    const { questions } = await asked(given, vector("0"), { outside: { secret: () => "abc" } });
    expect(questions[0]?.headers.authorization).toBe("Bearer abc");
  });
});

describe("a query's templates", () => {
  it("end no string, whatever they hold", async () => {
    const render = () => 'a"} or vector(0) # \\ ` \n é';
    const { forms } = await asked({ query: 'errors{branch="{{ version.branch }}"}', max: 1 }, vector("0"), { render });
    expect(forms[0]?.query).toBe(
      'errors{branch="a\\x22\\x7d\\x20or\\x20vector\\x280\\x29\\x20\\x23\\x20\\x5c\\x20\\x60\\x20\\x0a\\x20\\xc3\\xa9"}',
    );
  });
});

describe("its options", () => {
  it.each([
    {},
    { max: "1" },
    { max: 1, over: "0s" },
    { max: 1, url: "https://a.test/?x=1" },
    { max: 1, url: "http://a.test", token: { env: "T" } },
    { max: 1, url: "http://a.test", headers: { a: { env: "T" } } },
    { max: 1, token: { env: "T" }, headers: { Authorization: "x" } },
    { max: 1, empty: "passed" },
  ])("cannot be %j", (given) => {
    expect(prometheus.options?.safeParse({ url, query: "up", ...given }).success).toBe(false);
  });

  it("that no number can fulfil are told", () => {
    const bound = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ min: bound, max: bound, above: bound, below: bound, equals: bound }), (bounds) => {
        const some = Array.from({ length: 81 }, (_, index) => index / 10 - 2).some((value) => isWithin(value, bounds));
        expect(isImpossible(bounds)).toBe(!some);
      }),
    );
  });
});

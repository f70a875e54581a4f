import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide/decide.ts";
import { observe } from "../decide/observe.ts";
import { OutsideError } from "../errors.ts";
import { appName, envName, requestId } from "../model/names.ts";
import { emptyRecord } from "../model/record.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { Functions } from "../ports/outside.ts";
import type { State } from "../state/state.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start } from "../test-kit/memory.ts";
import { functionContext, functionGate } from "./function.ts";
import type { GateSubject } from "./gate.ts";
import { programGates } from "./gates.ts";

const reference = { name: "quietHours", index: 0, source: "0123456789ab", timeout: "10s" };
const staging = environment("staging", { gates: [{ name: "function", options: reference }], tier: "test" });
const subject: GateSubject = {
  intent: {
    app: appName("web"),
    environment: envName("staging"),
    artifact: artifactOf("web", 3),
    explicit: true,
    request: requestId("r"),
  },
  app: [...pipelineOf(["web"]).apps.values()][0]!,
  environment: staging,
  actor: { name: "ada", verified: true },
  reason: undefined,
  overwrite: false,
  drift: [],
  ancestry: () => undefined,
};
const state: State = {
  record: (name, env) => emptyRecord(name, env),
  current: () => null,
  pin: () => undefined,
  freezes: () => [],
};

/** What is decided when the function does this. */
async function decided(call: Functions["call"]) {
  const observed = await observe(subject, state, {
    gates: programGates,
    cache: new Map(),
    templates: { render: (text) => text },
    outside: { ...noOutside, functions: { call } },
    clock: clockAt(start),
    items: async () => [],
    tip: someTip,
    plan: false,
  });
  const { result, gates } = decide(subject, observed, start);
  return { result, gate: gates.find(({ name }) => name === "function") };
}

describe("a gate that is a function", () => {
  it("is called by its reference with what it may look at, as JSON has it", async () => {
    const calls: unknown[] = [];
    await decided(async (...[asked, context]) => {
      calls.push([asked, context]);
      return { met: true, seen: "so" };
    });
    const context = functionContext(subject, { now: start });
    expect(calls).toEqual([[reference, context]]);
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
    expect(context).toMatchObject({ app: "web", environment: "staging", tier: "test", reason: null, now: start });
  });

  it("promotes when it is met, under its name", async () => {
    expect(await decided(async () => ({ met: true, seen: "is day" }))).toMatchObject({
      result: "promoted",
      gate: { met: true, seen: "quietHours: is day" },
    });
  });

  it("holds when it is not, and says who clears it and when", async () => {
    const answer = { met: false, seen: "is night", clearedBy: "day", clearsAt: "2027-11-21T06:00:00Z" };
    expect(await decided(async () => answer)).toMatchObject({
      result: "held",
      gate: {
        met: false,
        seen: "quietHours: is night",
        code: "function/unmet",
        clearedBy: "day",
        clearsAt: "2027-11-21T06:00:00.000Z",
      },
    });
  });

  it("that does not say who clears it is asked again by the next run, which is said", async () => {
    const { gate } = await decided(async () => ({ met: false, seen: "is night" }));
    expect(gate).toMatchObject({ met: false, clearedBy: "what quietHours looks for, when the next run asks it" });
  });

  it("holds when it cannot be called, and names what went wrong", async () => {
    const failed = await decided(async () => {
      throw new OutsideError("function/threw", "quietHours threw Error: no at glu.config.ts:3:5");
    });
    expect(failed).toMatchObject({
      result: "held",
      gate: {
        code: "function/threw",
        seen: expect.stringContaining("quietHours threw Error: no at glu.config.ts:3:5"),
      },
    });
    const nobody = await decided(noOutside.functions.call);
    expect(nobody).toMatchObject({ result: "held", gate: { code: "outside/none" } });
  });

  it.each([
    ["a text as met", { met: "true", seen: "a" }, "met must be true or false"],
    ["no seen", { met: true }, "seen must be a text on one line, of 1 to 500 characters"],
    ["two lines", { met: true, seen: "a\nb" }, "seen must be a text on one line, of 1 to 500 characters"],
    [
      "too long a text",
      { met: true, seen: "x".repeat(501) },
      "seen must be a text on one line, of 1 to 500 characters",
    ],
    ["no time", { met: false, seen: "a", since: "yesterday" }, "since must be a time with its zone, such as 2026-"],
    ["another key", { met: true, seen: "a", url: "x" }, 'it has "url", and there are met, seen, since, clearedBy'],
    ["no mapping", [true], "it must be a mapping"],
  ])("holds an answer with %s, and says what is wrong in words", async (_, answer, words) => {
    const { gate } = await decided(async () => answer);
    expect(gate).toMatchObject({
      code: "function/answer",
      seen: expect.stringContaining(`quietHours gave no answer of a gate: ${words}`),
    });
  });

  it("takes a time of any zone, and says no time of clearing that has passed", async () => {
    const answer = { met: false, seen: "is night", since: "2026-11-20T23:00:00+01:00" };
    expect(await decided(async () => ({ ...answer, clearsAt: "2999-11-21T06:00:00-02:00" }))).toMatchObject({
      gate: { since: "2026-11-20T22:00:00.000Z", clearsAt: "2999-11-21T08:00:00.000Z" },
    });
    const past = await decided(async () => ({ ...answer, clearsAt: "2000-01-01T00:00:00Z" }));
    expect(past.gate).not.toHaveProperty("clearsAt");
  });

  it("says who can clear it where the function does not", async () => {
    const { gate } = await decided(async () => ({ met: false, seen: "is night" }));
    expect(gate?.clearedBy).toBe("what quietHours looks for, when the next run asks it");
  });

  it("has a timeout that a timer can hold", () => {
    expect(functionGate.options?.safeParse({ ...reference, timeout: "1d" }).success).toBe(true);
    expect(functionGate.options?.safeParse({ ...reference, timeout: "100d" }).success).toBe(false);
  });

  it("is met by nothing but an answer of its shape that says so", async () => {
    const field = fc.oneof(fc.boolean(), fc.string(), fc.constant(undefined), fc.integer());
    const answers = fc.oneof(
      fc.jsonValue(),
      fc.record({ met: field, seen: field, clearedBy: field, clearsAt: field, more: field }, { requiredKeys: [] }),
      fc.constantFrom({ met: true }, { met: true, seen: "" }, { met: true, seen: "a\nb" }, { met: 1, seen: "a" }),
    );
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const { result, gate } = await decided(async () => answer);
        const { met, seen } = (answer ?? {}) as { met?: unknown; seen?: unknown };
        expect(gate?.seen).toContain("quietHours");
        if (result === "promoted") expect([met, typeof seen]).toEqual([true, "string"]);
        else expect(result).toBe("held");
      }),
    );
  });
});

import type { Decision } from "@glu/core";
import { expect, test } from "vitest";
import { artifact, decision, mixed } from "../golden/scenarios.ts";
import { headline } from "./headline.ts";

const web = artifact("web", "1.4.2", 10);
const say = (decisions: Decision[], more = {}) =>
  headline({ ...mixed, result: decisions[0]?.result ?? "none", decisions, ...more });

test.each([
  ["promoted", "web 1.4.2 → production"],
  ["proposed", "proposed: web 1.4.2 → production"],
  ["unchanged", "web 1.4.2 is already in production"],
  ["held", "held: web 1.4.2 → production: It is so."],
  ["refused", "refused: web 1.4.2 → production: It is so."],
  ["superseded", "superseded: web 1.4.2 → production: It is so."],
] as const)("one that is %s says what, where and why", (result, text) => {
  expect(say([decision(web, "production", result, "It is so.")])).toEqual({ icon: result, text });
});

test("one artifact in several environments names them", () => {
  const all = ["eu", "us", "asia"].map((env) => decision(web, env, "promoted", "x"));
  expect(say(all).text).toBe("web 1.4.2 → eu, us and asia");
});

test("many environments are not all named", () => {
  const all = ["a", "b", "c", "d", "e", "f", "g"].map((env) => decision(web, env, "promoted", "x"));
  expect(say(all.slice(1)).text).toBe("web 1.4.2 → b, c, d, e, f and g");
  expect(say(all).text).toBe("web 1.4.2 → a, b, c, d, e and 2 more");
});

test("of different results the worst is named, wherever it stands, and the others are counted", () => {
  const api = artifact("api", "2.0.0", 5);
  const of = (...more: Decision[]) =>
    say([decision(web, "staging", "promoted", "x"), ...more], { result: "held" }).text;
  const held = decision(web, "production", "held", "It is so.");
  expect(of(held)).toBe("held: web 1.4.2 → production · 1 promoted");
  expect(of(held, decision(web, "asia", "held", "Another reason."))).toBe(
    "held: web 1.4.2 → production and asia · 1 promoted",
  );
  expect(of(held, decision(api, "production", "held", "x"), decision(api, "staging", "promoted", "x"))).toBe(
    "held: web 1.4.2 → production · 1 more held · 2 promoted",
  );
});

test("a repeated request is said to be carried out already, not to promote again", () => {
  const done = (env: string): Decision => ({ ...decision(web, env, "promoted", "It is so."), repeated: true });
  expect(say([done("production")]).text).toBe("already carried out by this request: web 1.4.2 → production");
  expect(say([done("eu"), done("us")]).text).toBe("already carried out by this request: web 1.4.2 → eu and us");
  expect(say([done("eu"), decision(web, "us", "held", "x")], { result: "held" }).text).toBe(
    "held: web 1.4.2 → us · 1 already carried out",
  );
});

test("a plan says that it is one, also of what would be held", () => {
  expect(say([decision(web, "eu", "held", "x")], { plan: true })).toEqual({
    icon: "planned",
    text: "plan: held: web 1.4.2 → eu: x",
  });
});

test("nothing decided is said, and a given headline wins", () => {
  expect(say([])).toEqual({ icon: "none", text: "nothing to promote" });
  expect(say([], { headline: "Two\nlines" }).text).toBe("Two lines");
});

test("what went back after a failure is named, whatever else was decided", () => {
  const before = artifact("web", "1.4.1", 60);
  const went = (env: string): Decision => {
    const one = decision(before, env, "promoted", "x");
    return { ...one, intent: { ...one.intent, rollback: { undoes: [], afterFailure: true } } };
  };
  const failed = decision(web, "eu", "promoted", "it failed");
  expect(say([failed, went("eu")]).text).toBe("rolled back: web to 1.4.1 → eu · 1 more promoted");
  expect(say([decision(web, "eu", "held", "x"), went("eu")], { result: "held" }).text).toBe(
    "rolled back: web to 1.4.1 → eu · held: web 1.4.2 → eu",
  );
  expect(say([decision(web, "eu", "held", "x"), went("eu"), went("us")], { result: "held" }).text).toBe(
    "rolled back: web to 1.4.1 → eu and 1 more · held: web 1.4.2 → eu",
  );
});

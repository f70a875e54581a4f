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

test("many are counted, worst first", () => {
  expect(say(mixed.decisions as Decision[], { result: "refused" })).toEqual({
    icon: "refused",
    text: "1 refused · 2 held · 1 promoted · 1 superseded · 1 unchanged",
  });
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

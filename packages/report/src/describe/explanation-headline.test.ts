import { expect, test } from "vitest";
import { explanation, explanationReady } from "../golden/overviews.ts";
import { explanationHeadline } from "./explanation-headline.ts";

test("one that is held says so, and which older one the next run promotes meanwhile", () => {
  const [, , older] = explanation.artifacts;
  const said = (starts: string | undefined) => explanationHeadline({ ...explanation, starts }).text;
  expect(said(undefined)).toMatch(/^backend .* is not in production: is pinned at .* of 1h$/);
  expect(said(older?.artifact.id)).toBe(`${said(undefined)}; the next run promotes 2.0.5`);
  expect(said(explanation.next)).toBe(said(undefined));
});

test("nothing to explain says why", () => {
  const none = { ...explanationReady, artifacts: [], next: undefined, none: "no artifact of frontend is there yet" };
  expect(explanationHeadline(none).text).toBe("frontend is not in production: no artifact of frontend is there yet");
});

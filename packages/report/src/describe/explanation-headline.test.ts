import type { Explained } from "@glu/core";
import { describe, expect, test } from "vitest";
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

describe("one that has not come so far is told by where it stopped", () => {
  const [hotfix] = explanation.artifacts as [Explained];
  const [inStaging] = hotfix.upstream as [Explained];
  const said = (stop: Partial<Explained>, more: Partial<Explained["decision"]> = {}) => {
    const one = { ...hotfix, decision: { ...hotfix.decision, ...more }, upstream: [{ ...inStaging, ...stop }] };
    return explanationHeadline({ ...explanation, artifacts: [one], next: one.artifact.id }).text;
  };
  const not = "backend 2.1.2-hotfix is not in production";
  const held = { ...inStaging.decision, result: "held" as const, reason: "it is Friday" };

  test("which takes a request", () => {
    expect(said({})).toBe(
      `${not}: it goes to staging first, when it is asked for (its branch is "hotfix/login", and the policy wants main)`,
    );
  });

  test("which the next run does", () => {
    expect(said({ onlyByRequest: undefined })).toBe(`${not}: the next run promotes it to staging first`);
  });

  test("which is held there", () => {
    expect(said({ decision: held })).toBe(`${not}: it is held on its way, before staging: it is Friday`);
  });

  test("but not where something else is in the way as well", () => {
    const { gates } = hotfix.decision;
    const frozen = { ...gates[0], name: "freeze", met: false } as (typeof gates)[number];
    const reason = "is frozen; was not released in staging";
    expect(said({ decision: held }, { gates: [...gates, frozen], reason })).toBe(`${not}: ${reason}`);
  });
});

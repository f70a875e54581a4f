import type { Decision } from "@glu/core";
import { expect, test } from "vitest";
import { annotations } from "./annotations.ts";
import { artifact, decision, mixed, scenarios } from "./golden/scenarios.ts";
import type { PromotionReport } from "./report.ts";

test("refused is an error, held a warning, superseded a notice, and success says nothing", () => {
  expect(annotations(mixed).map(({ level, title }) => `${level} ${title}`)).toEqual([
    "error refused: frontend 1.4.1 → production",
    "warning held: backend 2.1.0 → production",
    "warning held: worker 0.9.0 → production",
    "notice superseded: worker 0.8.9 → staging",
  ]);
  expect(annotations(scenarios.promoted as PromotionReport)).toEqual([]);
});

test("a message says what was seen, who clears it and when", () => {
  expect(annotations(mixed)[1]?.message).toBe(
    "soak has been upstream for 40m of 1h. Cleared by: time. Clears at 2026-11-21 09:50 UTC.",
  );
});

test("a message ends with the page of what was looked at, when that is a web address", () => {
  expect(annotations(scenarios.tested as PromotionReport)[0]?.message).toBe(
    "workflow smoke.yml failed. Cleared by: running it again. See https://github.com/acme/deployments/actions/runs/22",
  );
  const gates = [{ name: "workflow", met: false, seen: "failed", url: "javascript:alert(1)" }] as Decision["gates"];
  const held = { ...decision(artifact("web", "1.0.0", 1), "staging", "held", "no"), gates };
  expect(annotations({ ...mixed, decisions: [held] })[0]?.message).toBe("workflow failed.");
});

test("several gates are sentences of their own, each with one full stop", () => {
  const gates = [
    { name: "edit", met: false, seen: "There is no key tag.", clearedBy: "Set create: true." },
    { name: "pin", met: false, seen: "is pinned by Ada", clearedBy: "glu unpin web staging" },
  ] as Decision["gates"];
  const held = { ...decision(artifact("web", "1.0.0", 1), "staging", "held", "no"), gates };
  expect(annotations({ ...mixed, decisions: [held] })[0]?.message).toBe(
    "edit There is no key tag. Cleared by: Set create: true. pin is pinned by Ada. Cleared by: glu unpin web staging.",
  );
});

test("a plan makes no errors", () => {
  expect(new Set(annotations({ ...mixed, plan: true }).map(({ level }) => level))).toEqual(new Set(["notice"]));
});

test("at most ten of a level, the last counts the rest", () => {
  const decisions = Array.from({ length: 25 }, (_, index) =>
    decision(artifact(`app-${index}`, "1.0.0", 1), "staging", "held", "It is frozen."),
  );
  const made = annotations({ ...mixed, decisions });
  expect(made).toHaveLength(10);
  expect(made.at(-1)).toMatchObject({ level: "warning", title: "16 more" });
});

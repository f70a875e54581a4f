import { noApiCalls, OutsideError, type PromoteResult } from "@glu/core";
import { expect, it } from "vitest";
import { stoppedEarly } from "./stopped-early.ts";

const code = "forge/budget-exhausted";
const held = (app: string, gate: object) => ({
  intent: { app, environment: "production" },
  result: "held",
  gates: [gate],
});
const result = (apps: readonly string[]) =>
  ({
    decisions: [
      ...apps.map((app) => held(app, { met: false, code })),
      held("other", { met: false, code: "soak/unmet" }),
      { intent: { app: "done", environment: "staging" }, result: "promoted", gates: [] },
    ],
    undecided: [{ app: "api", environment: "eu", error: new OutsideError(code, "No more.") }],
  }) as unknown as PromoteResult;

function callsThat(stopped: string | undefined) {
  const calls = noApiCalls();
  calls.uses.set("one", { server: "api.github.com", calls: 3, unchanged: 0, limits: [], stopped });
  return { calls };
}

it("a run that ended its asking early says so, names what it left, and is not green", () => {
  const { notices, exitCode } = stoppedEarly(result(["web"]), callsThat("api.github.com: 20 of 1,000 calls are left"));
  expect(exitCode).toBe(4);
  expect(notices).toEqual([
    "Asking ended early, before the limit is used up. api.github.com: 20 of 1,000 calls are left. Left to the next run: web in production, api in eu.",
  ]);
  const many = Array.from({ length: 30 }, (_, index) => `app-${index}`);
  expect(stoppedEarly(result(many), callsThat("stop")).notices[0]).toContain("app-9 in production, and 21 more.");
});

it("a run that met no limit says nothing", () => {
  expect(stoppedEarly(result([]), callsThat(undefined))).toEqual({ notices: [], exitCode: 0 });
  expect(stoppedEarly(result([]), {})).toEqual({ notices: [], exitCode: 0 });
});

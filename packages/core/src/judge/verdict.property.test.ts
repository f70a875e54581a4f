import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GateResult, gateOutcomes } from "../model/decision.ts";
import { appName, envName, timestamp } from "../model/names.ts";
import type { Stance } from "./stance.ts";
import { verdictOf } from "./verdict.ts";

const environment = envName("production");
const times = fc.integer({ min: 0, max: 4e12 }).map((ms) => timestamp(ms));
const gates: fc.Arbitrary<GateResult> = fc
  .record(
    {
      name: fc.constantFrom("pin", "freeze", "order", "rejected", "soak", "window", "http", "approval", "proposal"),
      met: fc.constant(false),
      outcome: fc.constantFrom(...gateOutcomes),
      seen: fc.string({ unit: "binary", maxLength: 400 }),
      code: fc.constantFrom("pin/pinned", "soak/too-soon", "http/waits"),
      since: times,
      clearedBy: fc.string({ maxLength: 200 }),
      clearsAt: times,
    },
    { requiredKeys: ["name", "met", "outcome", "seen", "code"] },
  )
  .map((gate) => gate as GateResult);
const stances: fc.Arbitrary<Stance[]> = fc.array(
  fc.record({
    app: fc.constantFrom("web", "api", "worker").map((name) => appName(name)),
    environment: fc.constant(environment),
    gates: fc.array(gates, { maxLength: 4 }),
  }),
  { maxLength: 4 },
);
const rank = { success: 0, pending: 1, failure: 2 };

describe("what a status says", () => {
  it("never gets better by one more thing in the way", () => {
    fc.assert(
      fc.property(stances, fc.array(gates, { minLength: 1, maxLength: 2 }), fc.nat(), (all, more, at) => {
        const before = verdictOf(environment, all);
        const index = all.length === 0 ? 0 : at % all.length;
        const place = all[index] ?? { app: appName("web"), environment, gates: [] };
        const held = { ...place, gates: [...place.gates, ...more] };
        const after = verdictOf(environment, [...all.slice(0, index), held, ...all.slice(index + 1)]);
        expect(rank[after.state]).toBeGreaterThanOrEqual(rank[before.state]);
        expect(after.state).not.toBe("success");
      }),
    );
  });

  it("is success where nothing is in the way, and nowhere else", () => {
    fc.assert(
      fc.property(stances, (all) => {
        const { state } = verdictOf(environment, all);
        expect(state === "success").toBe(all.every(({ gates: unmet }) => unmet.length === 0));
      }),
    );
  });

  it("fails for a freeze that was planned, and says its reason and its end", () => {
    const gate: GateResult = {
      ...{ name: "window", met: false, outcome: "held", code: "window/frozen" },
      seen: "is frozen on schedule: Christmas",
      since: timestamp(Date.parse("2026-12-18T23:00:00Z")),
      clearedBy: "time, or freezes[0] in the config",
      clearsAt: timestamp(Date.parse("2027-01-03T23:00:00Z")),
    };
    const verdict = verdictOf(environment, [{ app: appName("web"), environment, gates: [gate] }]);
    expect(verdict).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^window: is frozen on schedule: Christmas, since 2026-12-18 23:00 UTC; time/),
    });
    const usual = { ...gate, code: "window/blocked", seen: "is blocked now" };
    expect(verdictOf(environment, [{ app: appName("web"), environment, gates: [usual] }]).state).toBe("pending");
  });

  it("fails for a pin, a freeze and what is refused, also when it ends by itself", () => {
    fc.assert(
      fc.property(stances, gates, (all, gate) => {
        fc.pre(gate.outcome === "refused" || gate.name === "pin" || gate.name === "freeze");
        const state = verdictOf(environment, [...all, { app: appName("web"), environment, gates: [gate] }]).state;
        expect(state).toBe("failure");
      }),
    );
  });

  it("is one line that each forge shows whole, whatever the reasons are", () => {
    fc.assert(
      fc.property(stances, (all) => {
        expect(verdictOf(environment, all).description.length).toBeLessThanOrEqual(140);
      }),
    );
  });

  it("depends on nothing but what is in the way", () => {
    fc.assert(
      fc.property(stances, (all) => {
        expect(verdictOf(environment, structuredClone(all))).toEqual(verdictOf(environment, all));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError, RefusedError, UserError } from "../errors.ts";
import { type RunResult, worst } from "../model/decision.ts";
import { exitCodeOf, type OnHeld } from "./exit-code.ts";

// As DESIGN.md writes it down; not taken from the code.
const documented: RunResult[] = [
  "refused",
  "held",
  "proposed",
  "promoted",
  "superseded",
  "unchanged",
  "planned",
  "none",
];

describe("the result of a run", () => {
  it("is the worst of its intents, in the documented order", () => {
    for (const [index, result] of documented.entries()) {
      for (const better of documented.slice(index)) expect(worst([better, result])).toBe(result);
    }
  });

  it("is one of its intents', does not depend on their order, and is none without any", () => {
    expect(worst([])).toBe("none");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...documented), { minLength: 1 }), fc.nat(), (all, turn) => {
        const at = turn % all.length;
        expect(all).toContain(worst(all));
        expect(worst([...all.slice(at), ...all.slice(0, at)])).toBe(worst(all));
        for (const one of all) expect(documented.indexOf(worst(all))).toBeLessThanOrEqual(documented.indexOf(one));
      }),
    );
  });

  it("never turns better when an intent joins", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...documented)), fc.constantFrom(...documented), (all, one) => {
        expect(documented.indexOf(worst([...all, one]))).toBeLessThanOrEqual(documented.indexOf(worst(all)));
      }),
    );
  });
});

describe("the exit code", () => {
  it.each<[RunResult, boolean, OnHeld, number]>([
    ["promoted", false, "fail", 0],
    ["proposed", false, "fail", 0],
    ["unchanged", false, "fail", 0],
    ["planned", false, "fail", 0],
    ["superseded", false, "fail", 0],
    ["none", false, "fail", 0],
    ["refused", false, "succeed", 3],
    ["refused", true, "succeed", 3],
    ["held", true, "fail", 3],
    ["held", true, "succeed", 0],
  ])("of %s (something held: %s, on-held: %s) is %i", (result, held, onHeld, code) => {
    expect(exitCodeOf(result, held, onHeld)).toBe(code);
  });

  it("of wrong usage is 2, of a refusal 3, of an outside system 4", () => {
    expect(new UserError("a/b", "x").exitCode).toBe(2);
    expect(new RefusedError("a/b", "x").exitCode).toBe(3);
    expect(new OutsideError("a/b", "x").exitCode).toBe(4);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GluError, OutsideError, RefusedError, UserError } from "../errors.ts";
import { type Decision, type Result, type RunResult, type Undecided, worst } from "../model/decision.ts";
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
  const of = (results: Result[], errors: GluError[], onHeld: OnHeld) =>
    exitCodeOf(
      {
        decisions: results.map((result) => ({ result }) as Decision),
        undecided: errors.map((error) => ({ error }) as Undecided),
      },
      onHeld,
    );

  it.each<[Result[], OnHeld, number]>([
    [["promoted"], "fail", 0],
    [["proposed"], "fail", 0],
    [["unchanged"], "fail", 0],
    [["planned"], "fail", 0],
    [["superseded"], "fail", 0],
    [[], "fail", 0],
    [["refused"], "succeed", 3],
    [["held", "refused"], "succeed", 3],
    [["held", "promoted"], "fail", 3],
    [["held", "promoted"], "succeed", 0],
  ])("of %s with on-held: %s is %i", (results, onHeld, code) => {
    expect(of(results, [], onHeld)).toBe(code);
  });

  it("is never green when something could not be decided: then its error says which it is, an outside system first", () => {
    const [wrong, broken] = [new UserError("a/b", "x"), new OutsideError("a/b", "x")];
    expect(of(["promoted"], [wrong], "succeed")).toBe(2);
    expect(of(["refused"], [wrong, broken], "succeed")).toBe(4);
  });

  it("of wrong usage is 2, of a refusal 3, of an outside system 4", () => {
    expect(new UserError("a/b", "x").exitCode).toBe(2);
    expect(new RefusedError("a/b", "x").exitCode).toBe(3);
    expect(new OutsideError("a/b", "x").exitCode).toBe(4);
  });
});

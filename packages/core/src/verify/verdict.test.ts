import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evaluated } from "../decide/decide.ts";
import { timestamp } from "../model/names.ts";
import { start } from "../test-kit/memory.ts";
import { heldUntilThere } from "./held-until-there.ts";
import { verdictOf } from "./verdict.ts";

const minute = 60_000;
const within = 15 * minute;
const released = { state: "committed" as const, releasedAt: timestamp(start) };

const gate = (name: string, met: boolean, more: Partial<Evaluated> & { outcome?: "held" | "refused" } = {}) => {
  const { outcome = "held", ...rest } = more;
  return { result: { name, met, outcome, seen: met ? "is well" : "is not well" }, ...rest };
};
const at = (minutes: number, evaluated: Evaluated[], release: Parameters<typeof verdictOf>[0] = released) =>
  verdictOf(release, evaluated, { within }, start + minutes * minute);

describe("what becomes of a release", () => {
  it("is healthy when all that is verified is met, however late", () => {
    const all = [gate("health", true), gate("http", true)];
    const healthy = { state: "healthy", seen: "health: is well; http: is well", isNews: true, until: undefined };
    expect(at(1, all)).toEqual(healthy);
    expect(at(600, all)).toEqual(healthy);
  });

  it("waits while its time lasts, and says until when; the first look at it is news", () => {
    const waits = { state: "committed", seen: "health: is not well", until: timestamp(start + within) };
    expect(at(5, [gate("health", false)])).toEqual({ ...waits, isNews: true });
    const looked = { ...released, verification: { at: timestamp(start + 5 * minute), seen: waits.seen } };
    expect(at(14, [gate("health", false)], looked)).toEqual({ ...waits, isNews: false });
    expect(at(16, [gate("health", false)], looked)).toMatchObject({ state: "failed" });
  });

  it("is not written down at the first look of who goes on looking", () => {
    const look = (minutes: number, isLast: boolean) =>
      verdictOf(released, [gate("health", false)], { within }, start + minutes * minute, {
        begun: start + minute,
        isLast,
      });
    expect(look(1, false)).toMatchObject({ state: "committed", isNews: false });
    // But the last is: the time counts that was watched.
    expect(look(5, true)).toMatchObject({ state: "committed", isNews: true, until: timestamp(start + within) });
    expect(look(15, true)).toMatchObject({ state: "failed" });
  });

  it("is news when it runs there, and not again", () => {
    const synced = [gate("health", false, { synced: true })];
    expect(at(1, synced)).toMatchObject({ state: "synced", isNews: true });
    const known = { ...released, state: "synced" as const, verification: { at: timestamp(start + minute), seen: "" } };
    expect(at(2, synced, known)).toMatchObject({ state: "synced", isNews: false, until: timestamp(start + within) });
    expect(at(2, [gate("health", false)], known)).toMatchObject({ state: "synced", isNews: false });
  });

  it("fails at once when something is refused, also beside what nobody knows", () => {
    const all = [gate("a", true), gate("b", false, { outcome: "refused" }), gate("c", false, { unknown: true })];
    expect(at(0, all)).toEqual({ state: "failed", seen: "b: is not well", isNews: true, until: undefined });
  });

  it("fails when its time is over and somebody had looked before", () => {
    const known = { ...released, state: "synced" as const, verification: { at: timestamp(start + minute), seen: "" } };
    expect(at(15, [gate("health", false)], known)).toEqual({
      state: "failed",
      seen: "not within 15m: health: is not well",
      isNews: true,
      until: undefined,
    });
  });

  it("gets its time once more from whoever looks for the first time when it is over", () => {
    const late = at(60, [gate("health", false)]);
    expect(late).toMatchObject({ state: "committed", isNews: true, until: timestamp(start + 75 * minute) });
    const begun = { ...released, verification: { at: timestamp(start + 60 * minute), seen: late.seen } };
    expect(at(74, [gate("health", false)], begun)).toMatchObject({ state: "committed", isNews: false });
    expect(at(75, [gate("health", false)], begun)).toMatchObject({ state: "failed" });
  });

  it("is failed by nothing that nobody knows, and then no time is told", () => {
    const unknown = [gate("prometheus", false, { unknown: true })];
    expect(at(1, unknown)).toMatchObject({ state: "committed", isNews: false, until: timestamp(start + within) });
    expect(at(6000, unknown)).toMatchObject({ state: "committed", isNews: false, until: undefined });
  });

  it("is not failed for want of time by what is good so far since it arrived, but by all else", () => {
    const synced = { ...released, state: "synced" as const, verification: { at: timestamp(start + minute), seen: "" } };
    const measured = gate("prometheus", false, { goodSoFar: true });
    measured.result.clearsAt = timestamp(start + 20 * minute);
    const all = [gate("health", true), measured];
    for (const minutes of [5, 16]) {
      const now = at(minutes, all, synced);
      expect(now).toMatchObject({ state: "synced", isNews: false, until: timestamp(start + 20 * minute) });
    }
    expect(at(16, [...all, gate("http", false)], synced)).toMatchObject({
      state: "failed",
      seen: "not within 15m: http: is not well",
    });
    measured.result.outcome = "refused";
    expect(at(16, all, synced)).toMatchObject({ state: "failed", seen: "prometheus: is not well" });
  });

  it("never turns what failed or waits into healthy by one more gate, and never fails what only nobody knows", () => {
    const gates = fc.array(
      fc.record({
        met: fc.boolean(),
        outcome: fc.constantFrom("held" as const, "refused" as const),
        unknown: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const made = (all: { met: boolean; outcome: "held" | "refused"; unknown: boolean }[]) =>
      all.map(({ met, outcome, unknown }) => gate("g", met, { outcome, ...(unknown ? { unknown: true } : {}) }));
    fc.assert(
      fc.property(gates, fc.boolean(), fc.integer({ min: 0, max: 100 }), (all, met, minutes) => {
        const before = at(minutes, made(all));
        const after = at(minutes, made([...all, { met, outcome: "held", unknown: false }]));
        if (before.state !== "healthy") expect(after.state).not.toBe("healthy");
        if (all.every((one) => one.met || one.unknown)) expect(before.state).not.toBe("failed");
      }),
    );
  });
});

describe("a refusal of what is not health", () => {
  const bad = gate("prometheus", false, { outcome: "refused" });
  const synced = { ...released, state: "synced" as const, verification: { at: timestamp(start + minute), seen: "" } };
  const looked = { ...released, verification: { at: timestamp(start + minute), seen: "" } };
  const there = gate("health", false, { synced: true });

  it.each<[string, Evaluated[], Parameters<typeof verdictOf>[0], string]>([
    ["counts where no health is asked", [bad], released, "failed"],
    ["counts once health is met", [gate("health", true), bad], released, "failed"],
    ["counts once it runs there", [there, bad], released, "failed"],
    ["counts when it was seen to run there before", [gate("health", false, { unknown: true }), bad], synced, "failed"],
    ["waits while the release has not arrived", [gate("health", false), bad], released, "committed"],
    ["waits while nobody knows of health", [gate("health", false, { unknown: true }), bad], released, "committed"],
    ["waits while one of two places does not have it", [there, gate("health", false), bad], released, "committed"],
    ["counts when all places have it", [there, gate("health", true), bad], released, "failed"],
    ["is not what health itself refuses", [gate("health", false, { outcome: "refused" }), bad], released, "failed"],
  ])("%s", (_what, evaluated, release, state) => {
    expect(at(2, evaluated, release).state).toBe(state);
  });

  it("that waits is held, and says for what", () => {
    const [health, measured] = heldUntilThere([gate("health", false), bad], released);
    expect(health).toEqual(gate("health", false));
    expect(measured?.result).toEqual({
      name: "prometheus",
      ...{ met: false, outcome: "held", code: "verify/not-there" },
      seen: "is not well; it counts once the release is there",
      clearedBy: "the release, once it is there",
    });
    expect(heldUntilThere([there, bad], released)).toEqual([there, bad]);
  });

  it("fails the release when its time is over", () => {
    expect(at(15, [gate("health", false), bad], looked)).toMatchObject({
      state: "failed",
      seen: "not within 15m: health: is not well; prometheus: is not well",
    });
  });
});

describe("what runs there", () => {
  const waits = gate("prometheus", false);

  it("is synced as soon as health is met, though other gates wait", () => {
    expect(at(1, [gate("health", true), waits])).toMatchObject({ state: "synced", isNews: true });
  });

  it("is not synced while one of two places does not have it, nor by other gates", () => {
    const there = gate("health", false, { synced: true });
    expect(at(1, [there, gate("health", false)])).toMatchObject({ state: "committed" });
    expect(at(1, [gate("http", true), waits])).toMatchObject({ state: "committed" });
  });
});

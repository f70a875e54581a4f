import { expect, it } from "vitest";
import { goToAndFro, type WayBackOptions } from "./way-back.ts";

// WAY_BACK_SEED=<number> draws the acts of a run that failed again.
const seed = Number(process.env.WAY_BACK_SEED ?? Math.floor(Math.random() * 2 ** 20));

it.each([
  { way: "wire", acts: 10, onFailure: { testing: "notify", staging: "rollback", production: "hold" } },
  { way: "path", acts: 5, onFailure: { testing: "rollback", staging: "hold", production: "rollback" } },
] satisfies Pick<WayBackOptions, "way" | "acts" | "onFailure">[])(
  "sixteen at once promote, roll back, pin, freeze, edit and crash over twenty apps, by $way",
  { timeout: 600_000 },
  async ({ way, acts, onFailure }) => {
    const counts = await goToAndFro({ seed, lanes: 16, acts, apps: 20, way, onFailure });
    console.log(JSON.stringify({ seed, way, ...counts }));
    expect(counts.releases).toBeGreaterThan(30);
    expect(counts.rollbacks).toBeGreaterThan(3);
    expect(counts.healthy).toBeGreaterThan(40);
    expect(counts.failed).toBeGreaterThan(3);
    expect(counts.byHand).toBeGreaterThan(3);
    expect(counts.killed).toBeGreaterThan(3);
  },
);

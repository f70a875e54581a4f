import { expect, it } from "vitest";
import { goToAndFro } from "./way-back.ts";

// WAY_BACK_SEED=<number> draws the acts of a run that failed again.
const seed = Number(process.env.WAY_BACK_SEED ?? Math.floor(Math.random() * 2 ** 20));

it.each([{ way: "wire" as const }, { way: "path" as const }])(
  "sixteen at once promote, roll back, pin, freeze, edit and crash over twenty apps, by $way",
  { timeout: 400_000 },
  async ({ way }) => {
    const counts = await goToAndFro({ seed, lanes: 16, acts: 12, apps: 20, way });
    console.log(JSON.stringify({ seed, way, ...counts, acts: counts.acts.length }));
    expect(counts.releases).toBeGreaterThan(30);
    expect(counts.rollbacks).toBeGreaterThan(5);
    expect(counts.byHand).toBeGreaterThan(3);
    expect(counts.killed).toBeGreaterThan(3);
  },
);

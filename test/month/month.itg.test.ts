import { expect, it } from "vitest";
import { Month } from "./month.ts";

const seed = Number(process.env.MONTH_SEED ?? Math.floor(Math.random() * 2 ** 31));

it("a month of two hundred apps breaks no rule", async () => {
  const { audit, results } = await Month.run({ seed, apps: 200, days: 31, perDay: 48 });
  expect(results.runs).toBeGreaterThan(31 * 24);
  expect(audit.counts.promotions).toBeGreaterThan(500);
}, 3_600_000);

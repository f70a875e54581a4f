import { expect, it } from "vitest";
import { readOptions, suites } from "./options.ts";

it("without flags everything is measured at 30 ms", () => {
  expect(readOptions([])).toMatchObject({ only: suites, sizes: [130, 8000, 100_000], roundTrip: 30, runs: 5 });
});

it("flags select; a bandwidth is in megabits", () => {
  const options = readOptions(["--only", "status,yaml", "--sizes", "130", "--rtt", "0", "--bandwidth", "100"]);
  expect(options).toMatchObject({ only: ["status", "yaml"], sizes: [130], roundTrip: 0, bandwidth: 12_500_000 });
});

it("what cannot be meant is told", () => {
  expect(() => readOptions(["--only", "promotions"])).toThrow("--only promotions: known are promotion,");
  expect(() => readOptions(["--runs", "none"])).toThrow("--runs none");
  expect(() => readOptions(["--size", "1"])).toThrow("--size");
});

import { expect, it } from "vitest";
import { bytes, milliseconds, table, times } from "./table.ts";

it("a table has columns of one width, with numbers on the right", () => {
  const rows = [
    ["glu promote, wire", "5", "82 kB"],
    ["depth-1 clone", "17", "3.7 MB"],
  ];
  expect(table(["way", "requests", "received"], rows)).toBe(`| way               | requests | received |
| ----------------- | -------: | -------: |
| glu promote, wire |        5 |    82 kB |
| depth-1 clone     |       17 |   3.7 MB |`);
});

it("numbers are rounded for people, and what could not be measured is a dash", () => {
  expect([0, 999, 1000, 82_359, 45_737_712].map(bytes)).toEqual(["0 B", "999 B", "1.0 kB", "82 kB", "46 MB"]);
  expect([milliseconds(12.6), milliseconds(undefined), bytes(undefined), times(8.04)]).toEqual([
    "13",
    "–",
    "–",
    "8.0x",
  ]);
});

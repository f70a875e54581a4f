import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { mixed, scenarios } from "../golden/scenarios.ts";
import { displayWidth } from "./display-width.ts";
import { renderText } from "./render-text.ts";

test("colours add escape sequences and nothing else", () => {
  for (const report of Object.values(scenarios)) {
    const plain = renderText(report, { color: false, width: 100 });
    const painted = renderText(report, { color: true, width: 100 });
    expect(painted).not.toBe(plain);
    expect(stripVTControlCharacters(painted)).toBe(plain);
  }
});

test.each([60, 80, 120, 200])(
  "lines fit a terminal of %d columns, but for words and code that must stay whole",
  (width) => {
    for (const line of renderText(mixed, { color: false, width }).split("\n")) {
      if (/^[-+ ] {2}|^(?:---|\+\+\+)/.test(line)) continue;
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  },
);

test("a narrow terminal gets a paragraph per row instead of columns", () => {
  expect(renderText(mixed, { color: false, width: 60 })).toContain("  Result: ✗ refused");
});

test("wide characters take two columns and combining ones none", () => {
  expect(displayWidth("日本 é e\u0301 ✅")).toBe(4 + 1 + 1 + 1 + 1 + 1 + 2);
});

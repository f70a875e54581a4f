import { expect, it } from "vitest";
import { oneLine } from "./trailers.ts";

it("what would turn a line around is left out of it", () => {
  expect(oneLine("Fix \u202egnp.exe\u202c \u2066x\u2069", "The reason")).toBe("Fix gnp.exe x");
  // Marks and letters of languages that are written from the right stay.
  expect(oneLine("תיקון \u200f(דחוף)", "The reason")).toBe("תיקון \u200f(דחוף)");
});

it.each(["a\nb", "a\rb", "a\u0000b", "a\u001b[2Jb", "a\u0085b", "a\u009b2Jb", "a\u2028b"])(
  "a control character or line break is refused: %j",
  (text) => {
    expect(() => oneLine(text, "The reason")).toThrow(expect.objectContaining({ code: "input/line" }));
  },
);

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fittingBody, fittingTitle, type TextLimits } from "./fitting-text.ts";

const units: TextLimits = { title: 256, body: 1000, count: (text) => text.length };
const points: TextLimits = { title: 255, body: 1000, count: (text) => [...text].length };
const mark = '<!-- glu:proposal {"schema":"glu.proposal.v1"} -->';
const family = "👨‍👩‍👧‍👦";

describe("a title", () => {
  it("stays as it is when it fits", () => {
    for (const limits of [units, points])
      expect(fittingTitle("x".repeat(limits.title), limits)).toHaveLength(limits.title);
  });

  it("is cut between characters as people see them", () => {
    expect(fittingTitle("e\u0301".repeat(300), points)).toBe(`${"e\u0301".repeat(127)}…`);
    expect(fittingTitle(family.repeat(100), units)).toBe(`${family.repeat(23)}…`);
    expect(fittingTitle("🚀".repeat(300), points)).toBe(`${"🚀".repeat(254)}…`);
  });
});

describe("a body", () => {
  it("keeps its marker, and is never longer than the limit", () => {
    const part = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.constantFrom(
        "```yaml",
        "````",
        "```",
        "~~~",
        "<details>",
        "</details>",
        "<!-- note",
        "-->",
        "",
        family.repeat(30),
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.constantFrom(units, points), (lines, limits) => {
        const fit = fittingBody(`${lines.join("\n")}\n\n${mark}\n`, limits);
        expect(limits.count(fit)).toBeLessThanOrEqual(limits.body);
        expect(fit.trimEnd().endsWith(mark)).toBe(true);
        expect(fit.isWellFormed() || !lines.join("").isWellFormed()).toBe(true);
      }),
    );
  });

  it("ends with a whole line, and says that the rest is left out", () => {
    const fit = fittingBody(`${"A line of the plan.\n".repeat(100)}\n\n${mark}\n`, units);
    expect(fit).toMatch(
      /A line of the plan\.\n\n\*The rest is left out: it is longer than can be shown here\.\*\n\n<!-- /,
    );
  });

  it("closes the code block and the folded part that it cuts", () => {
    const body = `<details><summary>Diff</summary>\n\n\`\`\`\`diff\n${"+ ```\n".repeat(300)}\`\`\`\`\n\n</details>\n\n${mark}\n`;
    expect(fittingBody(body, units)).toMatch(/\+ ```\n````\n<\/details>\n\n\*The rest/);
  });

  it("leaves out a comment that it would cut, which would hide what comes behind it", () => {
    const body = `Begin\n<!-- ${"x ".repeat(900)} -->\n\n${mark}\n`;
    expect(fittingBody(body, units)).toMatch(/^Begin\n\n\*The rest/);
  });
});

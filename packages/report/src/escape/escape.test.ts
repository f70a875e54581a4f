import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMarkdown, text } from "../golden/skeleton.ts";
import { markdownCode, markdownFence, markdownText } from "./markdown.ts";
import { mermaidText } from "./mermaid.ts";
import { safeUrl } from "./url.ts";
import { visible, visibleLine } from "./visible.ts";

describe("markdownText", () => {
  test("leaves ordinary prose readable in the source", () => {
    const prose = "is pinned at 1.4.2 by octo-dev: incident 42, see notes (today)";
    expect(markdownText(prose)).toBe(prose);
  });

  test("leaves a time as it is copied", () => {
    expect(markdownText("2026-11-21T15:09:07Z (15:09:07+01:00)")).not.toContain("8203");
    expect(markdownText("12:tada: :100: 1:34:2")).toContain("8203");
  });

  test("is read back as it was said, but for seams and blanks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (said) => {
        const read = text(readMarkdown(`x ${markdownText(said)}`)).replaceAll("\u200b", "");
        expect(read.replace(/\s+/g, " ").trim()).toBe(`x ${visibleLine(said)}`.replace(/\s+/g, " ").trim());
      }),
      { numRuns: 120 },
    );
  });

  test.each([
    ["@octocat", "@\u200boctocat"],
    ["#12", "#\u200b12"],
    ["acme/web#12", "acme/web#\u200b12"],
    ["GH-7", "GH-\u200b7"],
    ["https://x.example", "https:\u200b//x.example"],
    ["www.x.example", "www\u200b.x.example"],
    ["a@b.example", "a@\u200bb.example"],
    [":tada:", ":\u200btada:"],
  ])("breaks %s, which a forge would link", (said, shown) => {
    expect(text(readMarkdown(`x ${markdownText(said)}`)).trim()).toBe(`x ${shown}`);
  });
});

test("inline code is read back as it was said", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("`", "|", "\\", "a", " ", "<b>", "&amp;", "*")).map((all) => `x${all.join("")}x`),
      (said) => {
        const table = readMarkdown(`| h |\n| --- |\n| ${markdownCode(said)} |`);
        expect(text(table).replaceAll("\u200b", "").replace(/\s+/g, " ")).toContain(said.replace(/\s+/g, " "));
      },
    ),
    { numRuns: 120 },
  );
});

test("a fence is longer than any run of backticks inside", () => {
  expect(markdownFence("diff", ["a ````` b", "```"])).toMatch(/^``````diff\n[\s\S]*\n``````$/);
});

test("only web addresses without credentials are linked, and nothing in them ends a link", () => {
  expect(safeUrl("https://x.example/a b(c)<d>|e`f\"g'h[i]*j")).toBe(
    "https://x.example/a%20b%28c%29%3Cd%3E%7Ce%60f%22g%27h%5Bi%5D%2Aj",
  );
  for (const bad of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "ftp://x",
    "https://a:b@x.example",
    "x",
    "",
  ]) {
    expect(safeUrl(bad)).toBeUndefined();
  }
});

test("characters that hide or reorder are shown as escapes, joiners stay", () => {
  expect(visible("a\u202eb\u001b[1m\u200b\ufeff")).toBe("a\\u{202e}b\\u{1b}[1m\\u{200b}\\u{feff}");
  expect(visible("👩\u200d🚀 می\u200cخواهم")).toBe("👩\u200d🚀 می\u200cخواهم");
});

test("Mermaid sees letters, digits and its own character codes only", () => {
  expect(mermaidText('end; a["b"] --> c #quot; %% {x}')).toMatch(/^(?:[a-z ]|#\d+;)+$/);
  expect(mermaidText("1. list")).toBe("1#46; list");
});

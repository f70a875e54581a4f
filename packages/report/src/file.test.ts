import { describe, expect, it } from "vitest";
import { renderHtml } from "./html/render-html.ts";
import { toJson } from "./json/to-json.ts";
import { renderMarkdown } from "./markdown/render-markdown.ts";
import type { FileReport } from "./report.ts";
import { renderText } from "./text/render-text.ts";

const text = 'a: "```"\nb: <script>\u202e\u001b[2J\n\tc: 1\n';
const report: FileReport = {
  kind: "file",
  schema: "glu.config.v1",
  result: "printed",
  headline: "glu.config.ts as YAML",
  language: "yaml",
  text,
  data: { file: "glu.config.ts", yaml: text },
};

describe("a file that a command makes", () => {
  it("is the file alone at a terminal, of any width and colour, with nothing in it hidden", () => {
    const shown = 'a: "```"\nb: <script>\\u{202e}\\u{1b}[2J\n\tc: 1\n';
    expect(renderText(report, { color: true, width: 40 })).toBe(shown);
    expect(renderText(report, { color: false, width: 200 })).toBe(shown);
  });

  it("is a block of code in Markdown that its own text does not end", () => {
    const markdown = renderMarkdown(report, { flavor: "github" });
    expect(markdown).toContain("glu.config.ts as YAML");
    const [, fence = ""] = /^(`{4,})yaml$/m.exec(markdown) ?? [];
    expect(markdown.trimEnd().endsWith(`\n${fence}`)).toBe(true);
  });

  it("is text in HTML", () => {
    expect(renderHtml(report)).toContain("&lt;script&gt;");
    expect(renderHtml(report)).not.toContain("<script>");
  });

  it("is whole for programs", () => {
    expect(toJson(report)).toEqual({ schema: "glu.config.v1", result: "printed", file: "glu.config.ts", yaml: text });
  });
});

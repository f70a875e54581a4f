import DOMPurify from "dompurify";
import fc from "fast-check";
import mermaid from "mermaid";
import { describe, expect, test } from "vitest";
import { hostileTexts, hostileUrls, withText } from "./golden/hostile.ts";
import { mixed, scenarios } from "./golden/scenarios.ts";
import { diagrams, prose, readHtml, readMarkdown, readRawMarkdown, skeleton } from "./golden/skeleton.ts";
import {
  annotations,
  type PromotionReport,
  type Report,
  renderHtml,
  renderMarkdown,
  renderText,
  toJson,
} from "./index.ts";

// Mermaid's parser cleans labels with DOMPurify, which is empty without a browser. Here only the grammar is tested; the
// pictures test the rest in a real one.
Object.assign(DOMPurify, { sanitize: (text: string) => text, addHook: () => undefined });

const said = hostileTexts.filter((text) => text.trim() !== "");
const markdown = (report: Report) => renderMarkdown(report, { flavor: "gitlab" });
const plain = Object.fromEntries(Object.entries(scenarios).map(([name, report]) => [name, withText(report, "plain")]));
const shapes = Object.fromEntries(
  Object.entries(plain).map(([name, report]) => [
    name,
    {
      markdown: skeleton(readMarkdown(markdown(report))),
      raw: skeleton(readRawMarkdown(markdown(report))),
      html: skeleton(readHtml(renderHtml(report))),
    },
  ]),
);

/** What forges turn into mentions, references, emoji and links in prose. */
const live = /@[\p{L}\p{N}_-]|[#!$%~^&][\p{L}\p{N}]|\bGH-\d|:[\w+-]+:|\w:\/\/|\bwww\.|\bmailto:[^\u200b]|\[\w+:\d/u;

function expectSameShape(name: string, report: Report): void {
  const source = markdown(report);
  const read = readMarkdown(source);
  expect(skeleton(read)).toBe(shapes[name]?.markdown);
  expect(skeleton(readRawMarkdown(source))).toBe(shapes[name]?.raw);
  for (const line of prose(read)) expect(line.replace(/^\[!(?:NOTE|WARNING)\]/, "")).not.toMatch(live);
  const html = renderHtml(report);
  expect(skeleton(readHtml(html))).toBe(shapes[name]?.html);
}

const withGatePages = (decision: PromotionReport["decisions"][number], url: string) => ({
  ...decision,
  gates: decision.gates.map((gate) => ({ ...gate, url })),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]/u;

// What is promoted alone has no field that the plan and the mixed run lack.
describe.each(Object.keys(scenarios).filter((name) => name !== "promoted"))("the report %s", (name) => {
  const report = scenarios[name] as Report;

  test.each(said)("has the same elements and links, and no mention, whatever is said: %j", (text) => {
    expectSameShape(name, withText(report, text));
  });

  test("keeps control characters from a terminal, whatever is said", () => {
    for (const text of said) {
      const shown = renderText(withText(report, text), { color: false, width: 100 });
      expect(shown.replaceAll("\t", "")).not.toMatch(control);
    }
  });

  test.each(hostileTexts)("is drawn by Mermaid, whatever is said: %j", async (text) => {
    for (const source of diagrams(readMarkdown(markdown(withText(report, text))))) {
      expect((await mermaid.parse(source)).diagramType).toBe("flowchart-v2");
    }
  });

  test("links to nothing but web addresses", () => {
    for (const url of hostileUrls) {
      const bad = {
        ...report,
        links: {
          repository: url,
          run: url,
          docs: url,
          commit: () => url,
          artifactSource: () => url,
          sourceCommit: () => url,
          compare: () => url,
        },
        ...("decisions" in report ? { decisions: report.decisions.map((one) => withGatePages(one, url)) } : {}),
      } as Report;
      for (const made of [skeleton(readRawMarkdown(markdown(bad))), skeleton(readHtml(renderHtml(bad)))]) {
        for (const [, href] of made.matchAll(/\(a [^(]*?href="([^"]*)"/g)) {
          expect(href).toMatch(/^https:\/\/(?:github\.com\/acme|ci\.example\.com|evil\.example\/%3E)/);
        }
      }
    }
  });
});

test("text from any characters keeps the shape of a report", () => {
  const piece = fc.oneof(
    fc.constantFrom(...said),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(..."`|*_[]()<>&@#!\\\"'~$^:;/-+= \n\r\t".split("")),
  );
  const texts = fc.array(piece, { minLength: 1, maxLength: 6 }).map((all) => `x${all.join("")}`);
  const one: PromotionReport = { ...mixed, decisions: mixed.decisions.slice(1, 4), passedOver: [] };
  const shape = (report: Report) => skeleton(readRawMarkdown(markdown(report)));
  const expected = shape(withText(one, "plain"));
  const page = skeleton(readHtml(renderHtml(withText(one, "plain"))));
  fc.assert(
    fc.property(texts, (text) => {
      const report = withText(one, text);
      expect(shape(report)).toBe(expected);
      expect(skeleton(readHtml(renderHtml(report)))).toBe(page);
      expect(renderText(report, { color: false, width: 80 }).replaceAll("\t", "")).not.toMatch(control);
    }),
    { numRuns: 30 },
  );
});

test.each(["", "\t", " ", "\u0000\n"])(
  "an edge that is blocked by %j, of which nothing can be seen, is dotted all the same",
  async (blocked) => {
    const { renderGraph } = await import("./markdown/graph.ts");
    const node = (name: string) => ({ name, tier: undefined, lines: [], result: undefined });
    const source = renderGraph({ kind: "graph", nodes: [node("a"), node("b")], edges: [{ from: 0, to: 1, blocked }] });
    expect(source).toContain("n0 -.");
    await mermaid.parse(source);
  },
);

test("any label is one Mermaid node", async () => {
  const { renderGraph } = await import("./markdown/graph.ts");
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom("", ...said), async (a, b) => {
      const label = `${a}${b}`.slice(0, 200);
      const source = renderGraph({
        kind: "graph",
        nodes: [
          { name: label, tier: label, lines: [label, label], result: "held" },
          { name: "next", tier: undefined, lines: [], result: undefined },
        ],
        edges: [{ from: 0, to: 1, blocked: label === "" ? undefined : label }],
      });
      await mermaid.parse(source);
    }),
    { numRuns: 80 },
  );
});

test("JSON keeps every text as it is, and annotations are one line each", () => {
  for (const text of said) {
    const report = withText(mixed, text) as PromotionReport;
    const json = JSON.parse(JSON.stringify(toJson(report)));
    expect(json.decisions[0].reason).toBe(text.isWellFormed?.() === false ? json.decisions[0].reason : text);
    for (const { title, message } of annotations(report)) expect(title + message).not.toMatch(/[\r\n]/);
  }
});

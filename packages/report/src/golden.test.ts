import { readFileSync, writeFileSync } from "node:fs";
import {
  diffDocumentSchema,
  explanationDocumentSchema,
  historyDocumentSchema,
  promotionDocumentSchema,
} from "@glu/core";
import { describe, expect, test } from "vitest";
import { scenarios } from "./golden/scenarios.ts";
import { renderHtml, renderMarkdown, renderMermaid, renderSvg, renderText, toJson } from "./index.ts";

const folder = new URL("./golden/", import.meta.url);

/** `UPDATE_GOLDEN=1` writes the files anew; read the difference before it is committed. */
function agree(file: string, made: string): void {
  const path = new URL(file, folder);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, made);
  expect(made).toBe(readFileSync(path, "utf8"));
}

describe.each(Object.entries(scenarios))("the report %s", (name, report) => {
  test("reads as its golden Markdown", () => agree(`${name}.md`, renderMarkdown(report, { flavor: "github" })));
  test("reads as its golden HTML", () => agree(`${name}.html`, renderHtml(report)));
  test("reads as its golden text", () => agree(`${name}.txt`, renderText(report, { color: false, width: 110 })));
  test("is valid by the published schema", () => {
    const json = toJson(report);
    if (json.schema === "glu.promotion.v1") expect(promotionDocumentSchema.parse(json)).toEqual(json);
    if (json.schema === "glu.explanation.v1") expect(explanationDocumentSchema.parse(json)).toEqual(json);
    if (json.schema === "glu.history.v1") expect(historyDocumentSchema.parse(json)).toEqual(json);
    if (json.schema === "glu.diff.v1") expect(diffDocumentSchema.parse(json)).toEqual(json);
  });
  test("reads as its golden JSON", () => agree(`${name}.json`, `${JSON.stringify(toJson(report), undefined, 2)}\n`));
});

const drawings = Object.entries(scenarios).flatMap(([name, report]) =>
  report.kind === "graph" ? [{ name, report }] : [],
);
test.each(drawings)("the pipeline $name is drawn as its golden picture and diagram", ({ name, report }) => {
  agree(`${name}.svg`, renderSvg(report));
  agree(`${name}.mmd`, renderMermaid(report));
});

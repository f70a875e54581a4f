import type { Templates } from "@glu/core";
import type { Liquid, Template } from "liquidjs";
import { sanitizeDnsName } from "./dns-name.ts";
import { readDottedNames } from "./dotted-names.ts";
import { BadTemplate, explainTemplateError, NotText } from "./explain-template-error.ts";
import { longestTemplate } from "./expression.ts";
import { createScope } from "./scope.ts";

/** The built-in filters on offer: text in, text out, no clock, no chance, no expressions. */
export const filterNames = [
  "append",
  "capitalize",
  "default",
  "downcase",
  "first",
  "join",
  "last",
  "prepend",
  "remove",
  "remove_first",
  "replace",
  "replace_first",
  "slice",
  "split",
  "strip",
  "truncate",
  "upcase",
] as const;

const offeredFilters = [...filterNames, "sanitizeDNSName"];

/** Characters of one template, milliseconds of one rendering, and what filters may allocate. */
const limits = { parseLimit: 2 * longestTemplate, renderLimit: 1000, memoryLimit: 1_000_000 };

/** Parsed templates kept: the same few stand for all apps. */
const kept = 1000;

/**
 * Templates on LiquidJS, output expressions only: no tags, no includes, no loops, no files. A value is data and never
 * read as a template again. The engine is loaded on the first call.
 */
export async function createTemplates(): Promise<Templates> {
  const { Liquid, Output } = await import("liquidjs");
  // Rendering is synchronous, so there is one at a time.
  let escaped = asIs;
  const engine = createEngine(Liquid, (value) => escaped(asText(value)));
  const parsed = new Map<string, Template[]>();

  const parse = (template: string): Template[] => {
    const known = parsed.get(template);
    if (known !== undefined) return known;
    if (template.length > longestTemplate) throw new BadTemplate(`it has more than ${longestTemplate} characters`);
    const fresh = engine.parse(readDottedNames(template));
    for (const part of fresh) {
      // The engine reads only the first of `{{ app env }}` and takes operators; neither is a name and its filters.
      if (part instanceof Output && part.value.initial.postfix.length !== 1)
        throw new BadTemplate("it is not one name");
    }
    if (parsed.size >= kept) parsed.clear();
    parsed.set(template, fresh);
    return fresh;
  };

  return {
    render(template, variables, harmless = asIs) {
      if (!template.includes("{{") && !template.includes("{%")) return template;
      const scope = createScope(variables);
      escaped = harmless;
      try {
        return String(engine.renderSync(parse(template), scope));
      } catch (error) {
        throw explainTemplateError(error, template, scope, offeredFilters);
      }
    },
  };
}

const asIs = (value: string): string => value;

function createEngine(Engine: typeof Liquid, outputEscape: (value: unknown) => string): Liquid {
  const engine = new Engine({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // A missing variable is fine right before `default`, and nowhere else.
    lenientIf: true,
    // Nothing can name a file without tags; an empty list of templates makes sure.
    templates: {},
    outputEscape,
    // For dates, which no filter here makes; else the machine's own would be looked up, which takes longer than all else.
    locale: "en-US",
    ...limits,
  });
  for (const name of Object.keys(engine.tags)) delete engine.tags[name];
  const offered = new Set<string>(filterNames);
  for (const name of Object.keys(engine.filters)) if (!offered.has(name)) delete engine.filters[name];
  engine.registerFilter("sanitizeDNSName", (value: unknown) => sanitizeDnsName(asText(value)));
  return engine;
}

function asText(value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) throw new NotText("it is empty");
  throw new NotText(`it is a ${Array.isArray(value) ? "list" : "mapping"}`);
}

import { type Templates, UserError } from "@glu/core";
import type { Liquid, Template } from "liquidjs";
import { nearest, suggest } from "../source/nearest.ts";
import { sanitizeDnsName } from "./dns-name.ts";
import { readDottedNames } from "./dotted-names.ts";
import { createScope, listNames, showName } from "./scope.ts";

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

/** Characters of one template, milliseconds of one rendering, and what filters may allocate. */
const limits = { parseLimit: 16_384, renderLimit: 1000, memoryLimit: 1_000_000 };

/** Parsed templates kept: the same few stand for all apps. */
const kept = 1000;

/**
 * Templates on LiquidJS, output expressions only: no tags, no includes, no loops, no files. A value is data and never
 * read as a template again. The engine is loaded on the first call.
 */
export async function createTemplates(): Promise<Templates> {
  const { Liquid, Output } = await import("liquidjs");
  const engine = createEngine(Liquid);
  const parsed = new Map<string, Template[]>();

  const parse = (template: string): Template[] => {
    const known = parsed.get(template);
    if (known !== undefined) return known;
    const fresh = engine.parse(readDottedNames(template));
    for (const part of fresh) {
      // The engine reads only the first of `{{ app env }}` and takes operators; neither is a name and its filters.
      if (part instanceof Output && part.value.initial.postfix.length !== 1) throw new Error("it is not one name");
    }
    if (parsed.size >= kept) parsed.clear();
    parsed.set(template, fresh);
    return fresh;
  };

  return {
    render(template, variables) {
      if (!template.includes("{{") && !template.includes("{%")) return template;
      const scope = createScope(variables);
      try {
        return String(engine.renderSync(parse(template), scope));
      } catch (error) {
        throw explain(error, template, scope);
      }
    },
  };
}

function createEngine(Engine: typeof Liquid): Liquid {
  const engine = new Engine({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // A missing variable is fine right before `default`, and nowhere else.
    lenientIf: true,
    // Nothing can name a file without tags; an empty list of templates makes sure.
    templates: {},
    outputEscape: asText,
    ...limits,
  });
  for (const name of Object.keys(engine.tags)) delete engine.tags[name];
  const offered = new Set<string>(filterNames);
  for (const name of Object.keys(engine.filters)) if (!offered.has(name)) delete engine.filters[name];
  engine.registerFilter("sanitizeDNSName", (value: unknown) => sanitizeDnsName(asText(value)));
  return engine;
}

class NotText extends Error {}

function asText(value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) throw new NotText("it is empty");
  throw new NotText(`it is a ${Array.isArray(value) ? "list" : "mapping"}`);
}

function explain(error: unknown, template: string, scope: Record<string, unknown>): UserError {
  if (!(error instanceof Error)) throw error;
  const shown = JSON.stringify(template.length > 200 ? `${template.slice(0, 200)}…` : template);
  const original = (error as { originalError?: unknown }).originalError;
  const name = (original as { variableName?: unknown } | undefined)?.variableName;
  if (typeof name === "string") return missingVariable(showName(name), template, shown, scope);
  const because = error.message.replace(/, line:\d+.*$/s, "");
  if (original instanceof NotText) {
    const fix = 'Name a value in it, or give one for when it is missing: {{ name | default: "…" }}.';
    return new UserError("template/not-text", `The template ${shown} gives no text: ${because}.`, {
      seen: template,
      fix,
    });
  }
  const filter = /undefined filter: (.*)$/.exec(because)?.[1];
  if (filter !== undefined) {
    const fix = suggest(filter, [...filterNames, "sanitizeDNSName"], "The filters are");
    const message = `The template ${shown} uses the filter "${filter}", which there is not.`;
    return new UserError("template/syntax", message, { seen: filter, fix, cause: error });
  }
  const fix = template.includes("{%")
    ? "Tags ({% … %}) are not offered: use {{ name }} and filters."
    : 'Write {{ name }} or {{ name | filter: "argument" }}.';
  const message = `The template ${shown} cannot be rendered: ${because}.`;
  return new UserError("template/syntax", message, { seen: template, fix, cause: error });
}

function missingVariable(name: string, template: string, shown: string, scope: Record<string, unknown>): UserError {
  const names = listNames(scope);
  const wanted = template.includes(`${name}.`)
    ? names
    : names.filter((one) => one.startsWith(".") === name.startsWith("."));
  const close = nearest(name, wanted).slice(0, 3);
  const parent = name.replace(/[^.]*$/, "");
  const beside = wanted.filter((one) => one.startsWith(parent)).slice(0, 8);
  const candidates = close.length > 0 ? close : beside.length > 0 ? beside : wanted.slice(0, 8);
  const fix = candidates.length === 0 ? "There are no variables." : `There are: ${candidates.join(", ")}.`;
  const message = `The template ${shown} names "${name}", which this artifact does not have.`;
  return new UserError("template/missing-variable", message, { seen: name, fix });
}

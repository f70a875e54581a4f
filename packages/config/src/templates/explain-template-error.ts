import { UserError } from "@glu/core";
import { nearest, suggest } from "../source/nearest.ts";
import { listNames, showName } from "./scope.ts";

/** The value of an expression is no text. */
export class NotText extends Error {}

/** A template that the engine would take and we do not. */
export class BadTemplate extends Error {}

const engineErrors = new Set([
  "RenderError",
  "ParseError",
  "TokenizationError",
  "UndefinedVariableError",
  "AssertionError",
]);

/** A failure of the engine as an error that names the template, what it wanted and what there is. Bugs stay bugs. */
export function explainTemplateError(
  error: unknown,
  template: string,
  scope: Readonly<Record<string, unknown>>,
  filters: readonly string[],
): unknown {
  if (!(error instanceof BadTemplate || (error instanceof Error && engineErrors.has(error.name)))) return error;
  const shown = JSON.stringify(template.length > 200 ? `${template.slice(0, 200)}…` : template);
  const original = (error as { originalError?: unknown }).originalError;
  const name = (original as { variableName?: unknown } | undefined)?.variableName;
  if (typeof name === "string") return missingVariable(showName(name), template, shown, scope);
  const because = error.message.replace(/, line:\d+.*$/s, "");
  if (original instanceof NotText) {
    const fix = 'Name a value in it, or give one for when it is missing: {{ name | default: "…" }}.';
    return new UserError("template/syntax", `The template ${shown} gives no text: ${because}.`, {
      seen: template,
      fix,
    });
  }
  const filter = /undefined filter: (.*)$/.exec(because)?.[1];
  if (filter !== undefined) {
    const fix = suggest(filter, filters, "The filters are");
    const message = `The template ${shown} uses the filter "${filter}", which there is not.`;
    return new UserError("template/syntax", message, { seen: filter, fix, cause: error });
  }
  const fix = template.includes("{%")
    ? "Tags ({% … %}) are not offered: use {{ name }} and filters."
    : 'Write {{ name }} or {{ name | filter: "argument" }}.';
  const message = `The template ${shown} cannot be rendered: ${because}.`;
  return new UserError("template/syntax", message, { seen: template, fix, cause: error });
}

function missingVariable(
  name: string,
  template: string,
  shown: string,
  scope: Readonly<Record<string, unknown>>,
): UserError {
  const seen = template;
  const names = listNames(scope).filter((one) => one.startsWith(".") === name.startsWith("."));
  const close = nearest(name, names).slice(0, 3);
  const parent = name.replace(/[^.]*$/, "");
  const beside = names.filter((one) => one.startsWith(parent)).slice(0, 8);
  const candidates = close.length > 0 ? close : beside.length > 0 ? beside : names.slice(0, 8);
  const fix = candidates.length === 0 ? "There is no such name." : `There are: ${candidates.join(", ")}.`;
  const message = `The template ${shown} names "${name}", which this artifact does not have.`;
  return new UserError("template/missing-variable", message, { seen, fix });
}

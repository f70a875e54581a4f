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
  const names = listNames(scope).filter((one) => one.startsWith(".") === name.startsWith("."));
  const candidates = [...new Set([...meant(name, template, names), ...besides(name, names)])].slice(0, 8);
  const close = nearest(name, names).slice(0, 3);
  const shownNames = close.length > 0 ? close : candidates;
  const fix = shownNames.length === 0 ? "There is no such name." : `There are: ${shownNames.join(", ")}.`;
  const message = `The template ${shown} names "${name}", which this artifact does not have.`;
  return new UserError("template/missing-variable", message, { seen: name, fix });
}

/** The name up to its last dot, with it. */
const parentOf = (name: string): string => name.replace(/[^.]*$/, "");

/**
 * Names with the part corrected that is wrong. The engine says the name up to that part: of `{{ imags.web.tag }}` it
 * says `imags`, so the rest is taken from the template.
 */
function meant(name: string, template: string, names: readonly string[]): string[] {
  const parent = parentOf(name);
  const parts = new Set(
    names.filter((one) => one.startsWith(parent)).map((one) => one.slice(parent.length).split(".", 1)[0] ?? ""),
  );
  const at = template.indexOf(name);
  const rest = /^(?:\.[\w-]+)*/.exec(template.slice(at + name.length))?.[0] ?? "";
  return nearest(name.slice(parent.length), parts).flatMap((part) => {
    const corrected = `${parent}${part}`;
    const under = names.filter((one) => one === corrected || one.startsWith(`${corrected}.`));
    return under.includes(corrected + rest) ? [corrected + rest] : under;
  });
}

/** What stands beside a name that is like nothing; of a value that has no parts (`env.name`) what is called like it. */
function besides(name: string, names: readonly string[]): string[] {
  const parent = parentOf(name);
  const value = parent.slice(0, -1);
  const last = name.slice(parent.length);
  if (names.includes(value))
    return [...names.filter((one) => one.startsWith(value) && one.endsWith(`.${last}`)), value];
  return names.filter((one) => one.startsWith(parent));
}

/** What stands in `{{ }}`. */
const expressions = /\{\{[\s\S]*?\}\}/g;

/**
 * A query with the values of its templates. What is not plain is written as the bytes that a string of PromQL has it by
 * (`\x22`), so that a value ends no string; where no string is, it is an error of the query.
 */
export function renderQuery(template: string, render: (template: string) => string): string {
  return template.replaceAll(expressions, (one) => escaped(render(one)));
}

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.:/@+-]/gu, (letter) =>
    [...new TextEncoder().encode(letter)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );

export const templatesInQuery = (template: string): string[] => template.match(expressions) ?? [];

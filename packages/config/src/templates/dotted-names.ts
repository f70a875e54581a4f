import { expression } from "./expression.ts";

/** The variable that GimletD's `{{ .NAME }}` is looked up in. No variable of the domain has this name. */
export const dottedScope = "_dotted";

const quoted = /("[^"]*"|'[^']*')/;

/**
 * GimletD's `.NAME` as a name of our engine: `{{ .SHA | slice: 0, 7 }}` is `{{ _dotted.SHA | slice: 0, 7 }}`. A dot
 * counts where a value can begin: first in the expression, or after a space, `:` or `,`. Quoted text stays as it is.
 */
export function readDottedNames(template: string): string {
  return template.replace(expression, (whole) =>
    whole
      .split(quoted)
      .map((part, index) =>
        index % 2 === 1 ? part : part.replace(/(^\{\{-?|[\s:,])\.(?=[A-Za-z_])/g, `$1${dottedScope}.`),
      )
      .join(""),
  );
}

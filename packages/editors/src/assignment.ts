import { refuse } from "./refusal.ts";
import { formatSelector } from "./selector/format-selector.ts";
import { parseSelector } from "./selector/parse-selector.ts";
import type { Selector } from "./selector/selector.ts";
import { checkValue } from "./text/source.ts";

/** One `selector: value` of an edit. */
export interface Assignment {
  selector: Selector;
  /** The canonical text of the selector: what records and messages show. */
  name: string;
  value: string;
}

/** Reads the `set` of an edit. Refuses bad selectors and two for the same place. */
export function readAssignments(set: Readonly<Record<string, string>>): Assignment[] {
  const seen = new Set<string>();
  return Object.entries(set).map(([text, value]) => {
    const selector = parseSelector(text);
    const name = formatSelector(selector);
    if (seen.has(name)) refuse("edit/ambiguous", `${name} is set twice.`, { fix: "Remove one of the two." });
    seen.add(name);
    checkValue(value);
    return { selector, name, value };
  });
}

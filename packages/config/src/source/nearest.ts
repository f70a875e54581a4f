import { closest, nearest } from "@glu/core";

export { nearest };

/** `Did you mean "a"?`, or else the whole list after `otherwise`. */
export function suggest(word: string, known: Iterable<string>, otherwise: string): string {
  const all = [...known];
  const first = closest(word, all);
  if (first !== undefined) return `Did you mean "${first}"?`;
  const shown = all.slice(0, 12).join(", ");
  return all.length === 0 ? `${otherwise} none.` : `${otherwise} ${shown}${all.length > 12 ? ", …" : ""}.`;
}

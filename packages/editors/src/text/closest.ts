import { closest } from "@glu/core";

/** "Did you mean …?", or what there is instead. */
export function suggestion(wanted: string, known: readonly string[]): string {
  const near = closest(wanted, known);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  if (known.length === 0) return "There is nothing at this place.";
  const shown = known.slice(0, 8).map((name) => JSON.stringify(name));
  return `There ${known.length === 1 ? "is" : "are"} ${shown.join(", ")}${known.length > 8 ? ", …" : ""}.`;
}

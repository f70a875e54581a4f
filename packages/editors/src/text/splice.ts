/** Replaces `[start, end)` of a text; equal offsets insert. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** The text with all splices made; everything outside them stays as it is. They must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = splices.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let at = 0;
  for (const splice of ordered) {
    if (splice.start < at) throw new Error(`Splices overlap at ${splice.start}.`);
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

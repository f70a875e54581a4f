/** Among `known` the nearest to `wanted`, when near enough to be a slip of the pen. */
export function closest(wanted: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** "Did you mean …?", or what there is instead. */
export function suggestion(wanted: string, known: readonly string[]): string {
  const near = closest(wanted, known);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  if (known.length === 0) return "There is nothing at this place.";
  const shown = known.slice(0, 8).map((name) => JSON.stringify(name));
  return `There ${known.length === 1 ? "is" : "are"} ${shown.join(", ")}${known.length > 8 ? ", …" : ""}.`;
}

/** Levenshtein distance; `limit` when it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}

/** Neighbours together, as long as what they weigh is no more than `most`; one that weighs more is by itself. */
export function inParts<T>(items: readonly T[], weigh: (item: T) => number, most: number): T[][] {
  const parts: T[][] = [];
  let weight = 0;
  for (const item of items) {
    weight += weigh(item);
    const last = parts.at(-1);
    if (last !== undefined && weight <= most) last.push(item);
    else {
      parts.push([item]);
      weight = weigh(item);
    }
  }
  return parts;
}

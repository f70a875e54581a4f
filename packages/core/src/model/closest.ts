/** How many single-character edits, a swap of neighbours counting as one, turn `a` into `b` (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The known words that `word` may have been meant to be, nearest first: at most a third of its letters differ. */
export function nearest(word: string, known: Iterable<string>): string[] {
  const wanted = word.slice(0, 200).toLowerCase();
  return [...known]
    .map((one) => ({ one, off: distance(wanted, one.slice(0, 200).toLowerCase()) }))
    .filter(({ one, off }) => off <= Math.max(1, Math.floor(Math.max(wanted.length, one.length) / 3)))
    .sort((a, b) => a.off - b.off)
    .map(({ one }) => one);
}

/** The one that was most probably meant, if any is near enough. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  return nearest(word, known)[0];
}

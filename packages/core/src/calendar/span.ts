/** A time from its start up to, and without, its end; milliseconds since the epoch. */
export interface Span {
  start: number;
  end: number;
}

/** The spans that lie in a time or reach into it, in any order. They may overlap. */
export type Spans = (within: Span) => Span[];

/** What any of the spans covers, in order, apart from each other and inside of `within`. */
export function union(spans: readonly Span[], within: Span): Span[] {
  const merged: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const span = { start: Math.max(start, within.start), end: Math.min(end, within.end) };
    if (span.start >= span.end) continue;
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push(span);
  }
  return merged;
}

/** What is left of spans that {@link union} made, without those of another such list. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let { start } = span;
    for (const hole of taken) {
      if (hole.end <= start || hole.start >= span.end) continue;
      if (hole.start > start) left.push({ start, end: hole.start });
      start = hole.end;
    }
    if (start < span.end) left.push({ start, end: span.end });
    return left;
  });
}

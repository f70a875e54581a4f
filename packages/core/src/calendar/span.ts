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

const bucket = 32 * 86_400_000;

/**
 * Spans by their starts, worked out once for each month or so that is asked for: many ask at about the same time.
 * @param starting the spans that start in a time
 * @param longest what no span is longer than, in milliseconds
 */
export function remembered(starting: Spans, longest: number): Spans {
  const known = new Map<number, Span[]>();
  const startingIn = (index: number): Span[] => {
    const found = known.get(index) ?? starting({ start: index * bucket, end: (index + 1) * bucket });
    known.set(index, found);
    return found;
  };
  return ({ start, end }) => {
    const spans: Span[] = [];
    for (let index = Math.floor((start - longest) / bucket); index * bucket < end; index++) {
      for (const span of startingIn(index)) if (span.start < end && span.end > start) spans.push(span);
    }
    return spans;
  };
}

import { type Span, type Spans, union, without } from "./span.ts";

/** When it is open: what is allowed, or everything where nothing says, without what is blocked. */
export interface WindowSpans {
  allow: readonly Spans[] | undefined;
  block: readonly Spans[];
}

export type WindowState =
  | { open: true }
  | {
      open: false;
      /** When it closed, in milliseconds since the epoch; undefined when it was not open for as long as is looked back. */
      since: number | undefined;
      /** When it opens; undefined when it does not for as long as is looked ahead. */
      opensAt: number | undefined;
    };

const day = 86_400_000;
/** How far is looked, near first: most windows open within a week, a 29 February comes within eight years. */
const reaches = [2 * day, 16 * day, 128 * day, 1024 * day, 3660 * day];

/** Whether it is open at a time, and if not, since when and until when. */
export function windowAt(spans: WindowSpans, now: number): WindowState {
  const opensAt = firstOf(reaches, (reach) => openSpans(spans, { start: now, end: now + reach })[0]?.start);
  if (opensAt === now) return { open: true };
  const since = firstOf(reaches, (reach) => openSpans(spans, { start: now - reach, end: now }).at(-1)?.end);
  return { open: false, since, opensAt };
}

function openSpans({ allow, block }: WindowSpans, within: Span): Span[] {
  const covered = (all: readonly Spans[]) =>
    union(
      all.flatMap((spans) => spans(within)),
      within,
    );
  const allowed = allow === undefined ? [within] : covered(allow);
  return allowed.length === 0 ? [] : without(allowed, covered(block));
}

function firstOf(reaches: readonly number[], find: (reach: number) => number | undefined): number | undefined {
  for (const reach of reaches) {
    const found = find(reach);
    if (found !== undefined) return found;
  }
  return undefined;
}

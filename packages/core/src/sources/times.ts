/**
 * Builds that give the same bytes twice write a time that stands for none: the epoch, the first day that a ZIP archive can
 * hold (1980-01-01, which Cloud Native Buildpacks and Bazel use), or Go's year 1.
 */
const firstYear = 1981;
const lastYear = 9999;

/** A text as RFC 3339 in UTC; undefined when it is no time, or does not say when something was made. */
export function timeMade(text: string): string | undefined {
  const date = new Date(text);
  const year = date.getUTCFullYear();
  return year >= firstYear && year <= lastYear ? date.toISOString() : undefined;
}

/** The latest of some times as RFC 3339; undefined when none of them says when something was made. */
export function latest(times: readonly string[]): string | undefined {
  return times
    .flatMap((time) => timeMade(time) ?? [])
    .sort()
    .at(-1);
}

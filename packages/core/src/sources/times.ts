/**
 * Builds that give the same bytes twice write a time that stands for none: the epoch, the first day that a ZIP archive can
 * hold (1980-01-01, which Cloud Native Buildpacks and Bazel use), or Go's year 1.
 */
const firstYear = 1981;
const lastYear = 9999;

/** The latest of some times as RFC 3339; undefined when none of them says when something was made. */
export function latest(times: readonly string[]): string | undefined {
  const dates = times.map((time) => new Date(time));
  const instants = dates.filter(saysWhen).map((date) => date.getTime());
  return instants.length === 0 ? undefined : new Date(Math.max(...instants)).toISOString();
}

const saysWhen = (date: Date): boolean => date.getUTCFullYear() >= firstYear && date.getUTCFullYear() <= lastYear;

import { readTime } from "@glu/core";

/**
 * A time as an event gives it, as `readTime` reads it; a distance such as `2h` is from a time on. Milliseconds since the
 * epoch.
 * @throws UserError `input/time`
 */
export const timeAfter = async (value: string, from: number): Promise<number> =>
  Date.parse(await readTime(value, from, "from"));

/** The end of a hold; undefined: when somebody lifts it. */
export const endOf = async (until: string | undefined, now: number): Promise<string | undefined> =>
  until === undefined ? undefined : readTime(until, now, "from");

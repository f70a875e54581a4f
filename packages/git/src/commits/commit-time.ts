import { type Timestamp, timestamp } from "@glu/core";

const earliest = Date.parse("0000-01-01T00:00:00Z");
const latest = Date.parse("9999-12-31T23:59:59Z");

/**
 * A commit's time from its seconds since the epoch. Git lets anybody write any number there: one outside of the years
 * that RFC 3339 can write is the nearest that it can.
 */
export function commitTime(seconds: number): Timestamp {
  return timestamp(Math.min(Math.max(seconds * 1000 || 0, earliest), latest));
}

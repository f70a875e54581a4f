import { z } from "zod";
import { duration, formatDuration, lastingPattern } from "../model/duration.ts";
import { timestamp } from "../model/names.ts";
import { historyLimit, releases } from "../model/record.ts";
import { defineGate, met, unmet } from "./gate.ts";

const options = z
  .strictObject({
    // A record remembers so many beside the current release.
    max: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(historyLimit, `must be at most ${historyLimit}, which is what a record remembers`)
      .describe(`How many releases there may be in that time, 1 to ${historyLimit}, such as 3.`),
    per: z
      .string()
      .regex(lastingPattern, "must be a duration longer than none, such as 1h or 1d")
      .describe("The time that counts back from now, such as 1h or 1d."),
  })
  .describe("At most so many releases of the app in the environment per time, such as { max: 3, per: 1d }.");

/**
 * At most so many releases of the app in the environment within the time that ends now. Everything counts that became
 * the desired state there, rollbacks too; what is only proposed, or was adopted as found, does not. Other apps do not
 * count: their records are not read for this one's decision.
 */
export const rate = defineGate({
  name: "rate",
  options,
  outcome: "held",
  observes: "state",
  concerns: "place",
  /** When it was released here, newest first, in milliseconds since the epoch. */
  observe: ({ intent, environment }, state): number[] =>
    releases(state.record(intent.app, environment.name))
      .flatMap(({ kind, releasedAt }) => (kind === "adopted" || releasedAt === null ? [] : [Date.parse(releasedAt)]))
      .sort((a, b) => b - a),
  check: (times, { max, per }, now) => {
    const time = duration(per);
    // What lies in the future, by a clock that was ahead, counts: it is among the newest.
    const recent = times.filter((at) => now < at + time).length;
    const seen = `${recent} of ${max} ${max === 1 ? "release" : "releases"} in ${formatDuration(time)}`;
    if (recent < max) return met(`has had ${seen}`);
    const [filled, leaves] = [times[recent - max] as number, times[max - 1] as number];
    return unmet(`has had ${seen} already`, {
      code: "rate/exhausted",
      since: timestamp(Math.min(filled, now)),
      clearedBy: "time",
      clearsAt: timestamp(leaves + time),
    });
  },
});

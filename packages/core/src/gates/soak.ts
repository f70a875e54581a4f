import { z } from "zod";
import { duration, formatDuration } from "../model/duration.ts";
import { type EnvName, timestamp } from "../model/names.ts";
import { releases } from "../model/record.ts";
import { eligible } from "./from.ts";
import { defineGate, met, unmet } from "./gate.ts";

const options = z
  .string()
  .regex(/^(?:\d+[smhdw])+$/, "must be a duration such as 30m, 2h or 1d")
  .describe("How long the artifact must have been released upstream, such as 30m, 2h or 1d.");

/** The artifact must have been released upstream for a while. With several upstreams the last one counts. */
export const soak = defineGate({
  name: "soak",
  options,
  outcome: "held",
  observes: "state",
  observe: ({ intent, environment }, state): { environment: EnvName; releasedAt: number | undefined }[] =>
    (environment.from?.environments ?? []).map((upstream) => {
      const record = state.record(intent.app, upstream);
      // Time in an environment where it failed is none, or `any` would let it count for the others.
      if (!eligible(record, intent.artifact.id).eligible) return { environment: upstream, releasedAt: undefined };
      const found = releases(record).filter((one) => one.artifact.id === intent.artifact.id);
      // Promoted, replaced and promoted again: the time of the last release counts, which is the newest of them.
      const at = found[0]?.releasedAt ?? undefined;
      return { environment: upstream, releasedAt: at === undefined ? undefined : Date.parse(at) };
    }),
  check: (upstreams, wanted, now, { environment }) => {
    const wait = duration(wanted);
    if (upstreams.length === 0) return met("has no upstream to soak in");
    const seen = environment.from?.mode === "any" ? upstreams.filter((one) => one.releasedAt !== undefined) : upstreams;
    const missing = seen.length === 0 ? upstreams[0] : seen.find((one) => one.releasedAt === undefined);
    if (missing !== undefined) {
      return unmet(`is not released in ${missing.environment} yet`, {
        code: "soak/not-started",
        clearedBy: `time, once it is released in ${missing.environment}`,
      });
    }
    const times = seen.flatMap((one) => (one.releasedAt === undefined ? [] : [one.releasedAt]));
    const since = environment.from?.mode === "any" ? Math.min(...times) : Math.max(...times);
    const text = `has been upstream for ${formatDuration(now - since)} of ${wanted}`;
    if (now >= since + wait) return met(text);
    return unmet(text, {
      code: "soak/too-young",
      since: timestamp(since),
      clearsAt: timestamp(since + wait),
      clearedBy: "time",
    });
  },
});

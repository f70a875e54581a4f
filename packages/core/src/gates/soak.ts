import { z } from "zod";
import { sameArtifact } from "../artifact/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import { duration, formatDuration, lastingPattern } from "../model/duration.ts";
import { type EnvName, timestamp } from "../model/names.ts";
import { type Release, type ReleaseRecord, releases } from "../model/record.ts";
import { eligible } from "./from.ts";
import { defineGate, met, type Unmet, unmet } from "./gate.ts";

const options = z
  .string()
  .regex(lastingPattern, "must be a duration longer than none, such as 30m, 2h or 1d")
  .describe("How long the artifact must have been released upstream, such as 30m, 2h or 1d.");

/** The time that an artifact was the current release upstream, in milliseconds. Both undefined: it is none that counts. */
interface Stay {
  environment: EnvName;
  since: number | undefined;
  /** When another release took its place; undefined while none has. */
  until: number | undefined;
}

/**
 * The artifact must have been the current release upstream for a while. What was replaced keeps the time it had, and
 * gets no more. Promoted, replaced and promoted again, only the last time counts. Of several upstreams all must reach
 * it; where any is enough, one.
 */
export const soak = defineGate({
  name: "soak",
  options,
  outcome: "held",
  observes: "state",
  observe: ({ intent, environment }, state): Stay[] =>
    (environment.from?.environments ?? []).map((upstream) => {
      const record = state.record(intent.app, upstream);
      // Time in an environment where it failed is none, or `any` would let it count for the others.
      const counts = eligible(record, intent.artifact).eligible;
      return { environment: upstream, ...(counts ? lastStay(record, intent.artifact) : none) };
    }),
  check: (upstreams, wanted, now, { environment }) => {
    if (upstreams.length === 0) return met("has no upstream to soak in");
    const any = environment.from?.mode === "any";
    const seen = any ? upstreams.filter(({ since }) => since !== undefined) : upstreams;
    const missing = seen.length === 0 ? upstreams[0] : seen.find(({ since }) => since === undefined);
    if (missing !== undefined) {
      return unmet(`is not released in ${missing.environment} yet`, {
        code: "soak/not-started",
        clearedBy: `time, once it is released in ${missing.environment}`,
      });
    }
    const stays = seen
      .flatMap(({ environment: where, since, until }) => (since === undefined ? [] : [{ where, since, until }]))
      .map((stay) => ({ ...stay, clearsAt: clearsAt(stay, duration(wanted)) }))
      .sort((a, b) => a.clearsAt - b.clearsAt || a.since - b.since);
    const stay = (any ? stays[0] : stays.at(-1)) as (typeof stays)[number];
    const { where, since, until } = stay;
    const time = `${formatDuration((until ?? now) - since)} of ${wanted}`;
    const text =
      until === undefined ? `has been upstream for ${time}` : `was in ${where} for ${time} before it was replaced`;
    if (now >= stay.clearsAt) return met(text);
    const why: Unmet =
      stay.clearsAt === Number.POSITIVE_INFINITY
        ? { code: "soak/replaced", clearedBy: `releasing it in ${where} again, or promoting what is there now` }
        : { code: "soak/too-young", clearsAt: timestamp(stay.clearsAt), clearedBy: "time" };
    return unmet(text, { since: timestamp(since), ...why });
  },
});

const none = { since: undefined, until: undefined };

/** From the artifact's last release in a record to the next one there. What is only proposed took no place. */
function lastStay(record: ReleaseRecord, artifact: Artifact): Omit<Stay, "environment"> {
  const released = releases(record).flatMap((release: Release) =>
    release.releasedAt === null ? [] : [{ artifact: release.artifact, at: Date.parse(release.releasedAt) }],
  );
  const last = released.findIndex((one) => sameArtifact(one.artifact, artifact));
  return last < 0 ? none : { since: released[last]?.at, until: released[last - 1]?.at };
}

/** When it has been there for long enough: never, when it was replaced before. */
function clearsAt({ since, until }: { since: number; until: number | undefined }, wait: number): number {
  return until !== undefined && until < since + wait ? Number.POSITIVE_INFINITY : since + wait;
}

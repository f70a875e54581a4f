import { z } from "zod";
import { sameArtifact } from "../artifact/digest.ts";
import { everyHour, type Hours, hours, type Passing, passingIn, perWeek } from "../calendar/hours.ts";
import type { Artifact } from "../model/artifact.ts";
import { duration, formatDuration, lastingPattern } from "../model/duration.ts";
import { type EnvName, timestamp } from "../model/names.ts";
import { type Release, type ReleaseRecord, releases } from "../model/record.ts";
import { eligible } from "./from.ts";
import { defineGate, met, sinceMade, type Unmet, unmet } from "./gate.ts";
import { checked } from "./option.ts";

const lasting = z
  .string()
  .regex(lastingPattern, "must be a duration longer than none, such as 30m, 2h or 1d")
  .describe("How long the artifact must have been released upstream, such as 30m, 2h or 1d.");

/** Weeks that a soak may take where only certain hours count. */
const mostWeeks = 52;

const options = z
  .union([
    lasting,
    checked(
      z
        .strictObject({
          for: lasting.describe("How long it must have been upstream, such as 30m, 2h or 1d."),
          since: z
            .enum(["released", "healthy"])
            .describe(
              "Whether the time begins when it is released upstream, or when it is verified there. Default released.",
            )
            .optional(),
          hours: hours.optional(),
        })
        .describe("How long, since when, and which hours count."),
      ({ for: wait, hours: counted }) =>
        counted === undefined || duration(wait) <= mostWeeks * perWeek(counted)
          ? undefined
          : {
              code: "config/value",
              key: "for",
              message: "must be over within a year of such hours",
              fix: "Only the hours that count are counted: 8h is a working day. Write a shorter time.",
            },
    ),
  ])
  .describe("How long the artifact must have been upstream: a duration such as 1h, or { for, since, hours }.");
type Options = z.output<typeof options>;

/** A duration alone is short for the usual. */
function spelledOut(wanted: Options) {
  return typeof wanted === "string" ? { for: wanted } : wanted;
}

/** The time that an artifact was the current release upstream, in milliseconds. Both undefined: it is none that counts. */
interface Stay {
  environment: EnvName;
  /** When it was released there, also where it is not that which counts. */
  released: number | undefined;
  since: number | undefined;
  /** When another release took its place; undefined while none has. */
  until: number | undefined;
}

interface Seen {
  upstreams: Stay[];
  passing: Passing;
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
  observe: ({ intent, environment }, state, wanted): Seen | Promise<Seen> => {
    const { since = "released", hours: counted } = spelledOut(wanted);
    const upstreams = (environment.from?.environments ?? []).map((upstream): Stay => {
      const record = state.record(intent.app, upstream);
      // Time in an environment where it failed is none, or `any` would let it count for the others.
      const counts = eligible(record, intent.artifact, environment.from).eligible;
      return { environment: upstream, ...(counts ? lastStay(record, intent.artifact, since) : none) };
    });
    return counted === undefined
      ? { upstreams, passing: everyHour }
      : passingOf(counted).then((passing) => ({ upstreams, passing }));
  },
  check: ({ upstreams, passing }, wanted, now, { environment, intent }) => {
    if (upstreams.length === 0) return met("has no upstream to soak in");
    const { for: wait, since: begins = "released", hours: counted } = spelledOut(wanted);
    const any = environment.from?.mode === "any";
    const seen = any ? upstreams.filter(({ since }) => since !== undefined) : upstreams;
    const missing = seen.length === 0 ? upstreams[0] : seen.find(({ since }) => since === undefined);
    if (missing !== undefined) {
      return unmet(`is not ${begins} in ${missing.environment} yet`, {
        code: begins === "healthy" ? "soak/not-healthy" : "soak/not-started",
        since: missing.released === undefined ? sinceMade(intent.artifact, now) : timestamp(missing.released),
        clearedBy: `time, once it is ${begins} in ${missing.environment}`,
      });
    }
    const stays = seen
      .flatMap(({ environment: where, since, until }) => (since === undefined ? [] : [{ where, since, until }]))
      .map((stay) => ({ ...stay, clearsAt: clearsAt(stay, duration(wait), passing) }))
      .sort((a, b) => a.clearsAt - b.clearsAt || a.since - b.since);
    const stay = (any ? stays[0] : stays.at(-1)) as (typeof stays)[number];
    const { where, since, until } = stay;
    // Rounded down: "1h of 1h" would be held for no reason that shows.
    const time = formatDuration(Math.floor(passing.between(since, until ?? now) / 1000) * 1000);
    const text = `${time} of ${wait}${counted === undefined ? "" : " in the hours that count"}`;
    const been = begins === "healthy" ? "has been healthy upstream" : "has been upstream";
    const said = until === undefined ? `${been} for ${text}` : `was in ${where} for ${text} before it was replaced`;
    if (now >= stay.clearsAt) return met(said);
    const why: Unmet =
      stay.clearsAt === Number.POSITIVE_INFINITY
        ? { code: "soak/replaced", clearedBy: `releasing it in ${where} again, or promoting what is there now` }
        : { code: "soak/too-young", clearsAt: timestamp(stay.clearsAt), clearedBy: "time" };
    return unmet(said, { since: timestamp(since), ...why });
  },
});

/** Kept by the hours that count: the apps of an environment share them. */
const passings = new WeakMap<Hours, Passing>();

async function passingOf(counted: Hours): Promise<Passing> {
  const { hoursSpans } = await import("../calendar/zoned.ts");
  const passing = passings.get(counted) ?? passingIn(hoursSpans(counted));
  passings.set(counted, passing);
  return passing;
}

const none = { released: undefined, since: undefined, until: undefined };

/** From the artifact's last release in a record to the next one there, or to where the app was taken out. What is only proposed took no place. */
function lastStay(
  record: ReleaseRecord,
  artifact: Artifact,
  begins: "released" | "healthy",
): Omit<Stay, "environment"> {
  const released = releases(record).flatMap((release: Release) =>
    release.releasedAt === null ? [] : [{ ...release, at: Date.parse(release.releasedAt) }],
  );
  const last = released.findIndex((one) => sameArtifact(one.artifact, artifact));
  const release = released[last];
  if (release === undefined) return none;
  const { state, verifiedAt, at, removed } = release;
  const until = removed === undefined ? released[last - 1]?.at : Date.parse(removed.at);
  if (begins === "released") return { released: at, since: at, until };
  if (state !== "healthy" || verifiedAt === undefined) return { ...none, released: at };
  return { released: at, since: Date.parse(verifiedAt), until };
}

/** When it has been there for long enough: never, when it was replaced before. */
function clearsAt({ since, until }: { since: number; until: number | undefined }, wait: number, passing: Passing) {
  const at = passing.after(since, wait);
  return until !== undefined && until < at ? Number.POSITIVE_INFINITY : at;
}

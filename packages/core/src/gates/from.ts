import { digestOf, sameArtifact } from "../artifact/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import { type EnvName, timestamp } from "../model/names.ts";
import type { Upstream } from "../model/pipeline.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { defineGate, met, sinceMade, type Unmet, unmet } from "./gate.ts";

const notReleased = "was not released in";
const notVerified = "is not verified yet in";

const failed = "failed in";

/**
 * Whether an artifact counts upstream: it was released there and neither failed nor was rolled back; where releases are
 * verified, it was seen to be healthy.
 */
export function eligible(
  record: ReleaseRecord,
  artifact: Artifact,
  upstream: Pick<Upstream, "counts"> | undefined,
): { eligible: boolean; why: string; since?: number } {
  const release = releases(record).find((one) => one.releasedAt !== null && sameArtifact(one.artifact, artifact));
  if (release === undefined) return { eligible: false, why: notReleased };
  const counts = upstream?.counts?.get(record.environment as EnvName);
  if (release.state === "failed" && counts !== "released") {
    return { eligible: false, why: failed, ...sinceSeen(release.verification?.at) };
  }
  const rejection = record.rejected.find((one) => one.artifact === artifact.id && one.digest === digestOf(artifact));
  if (rejection !== undefined) return { eligible: false, why: "was rejected in", since: Date.parse(rejection.at) };
  if (counts === "healthy" && release.state !== "healthy") {
    return { eligible: false, why: notVerified, ...sinceSeen(release.releasedAt) };
  }
  return { eligible: true, why: counts === "healthy" ? "was healthy in" : "was released in" };
}

/** The artifact must have gone through the upstream environments. It sees the tip only, never the commit being made. */
export const from = defineGate({
  name: "from",
  options: undefined,
  outcome: "held",
  observes: "state",
  observe: ({ intent, environment }, state): ({ environment: EnvName } & ReturnType<typeof eligible>)[] =>
    (environment.from?.environments ?? []).map((upstream) => ({
      environment: upstream,
      ...eligible(state.record(intent.app, upstream), intent.artifact, environment.from),
    })),
  check: (upstreams, _options, now, { environment, intent }) => {
    if (environment.from === undefined) return met("has no upstream");
    const missing = upstreams.filter((one) => !one.eligible);
    const there = upstreams.filter((one) => one.eligible);
    const enough = environment.from.mode === "any" ? there.length > 0 : missing.length === 0;
    const said = (all: typeof upstreams) => all.map((one) => `${one.why} ${one.environment}`).join(", ");
    if (enough) {
      const same = there.every(({ why }) => why === there[0]?.why);
      return met(same ? `${there[0]?.why} ${there.map((one) => one.environment).join(", ")}` : said(there));
    }
    return unmet(said(missing), {
      code: missing.every(({ why }) => why === notVerified) ? "from/not-verified" : "from/not-eligible",
      ...sinceOf(missing, intent.artifact, now),
      clearedBy: missing
        .map(({ why, environment: name }) => {
          if (why === notVerified) return `its verification in ${name}`;
          const again = why === notReleased ? "" : " again, by name and with a reason";
          return `promote ${intent.artifact.id} to ${name}${again}`;
        })
        .join(environment.from.mode === "any" ? " or " : " and "),
    });
  },
});

/** Never released: since it was made. Else since it was rejected, failed, or waits for its verification. */
function sinceOf(
  missing: readonly ReturnType<typeof eligible>[],
  artifact: Artifact,
  now: number,
): Pick<Unmet, "since"> {
  if (missing.some(({ why }) => why === notReleased)) return { since: sinceMade(artifact, now) };
  const times = missing.flatMap(({ since }) => since ?? []);
  return times.length === 0 ? {} : { since: timestamp(Math.min(...times)) };
}

const sinceSeen = (at: string | null | undefined): { since?: number } =>
  at === null || at === undefined ? {} : { since: Date.parse(at) };

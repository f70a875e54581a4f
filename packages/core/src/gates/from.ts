import { digestOf, sameArtifact } from "../artifact/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import { type EnvName, timestamp } from "../model/names.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { defineGate, met, sinceMade, type Unmet, unmet } from "./gate.ts";

const notReleased = "was not released in";

/** Whether an artifact counts upstream: it was released there and neither failed nor was rolled back. */
export function eligible(
  record: ReleaseRecord,
  artifact: Artifact,
): { eligible: boolean; why: string; since?: number } {
  const release = releases(record).find((one) => one.releasedAt !== null && sameArtifact(one.artifact, artifact));
  if (release === undefined) return { eligible: false, why: notReleased };
  if (release.state === "failed") return { eligible: false, why: "failed in" };
  const rejection = record.rejected.find((one) => one.artifact === artifact.id && one.digest === digestOf(artifact));
  if (rejection !== undefined) return { eligible: false, why: "was rejected in", since: Date.parse(rejection.at) };
  return { eligible: true, why: "was released in" };
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
      ...eligible(state.record(intent.app, upstream), intent.artifact),
    })),
  check: (upstreams, _options, now, { environment, intent }) => {
    if (environment.from === undefined) return met("has no upstream");
    const missing = upstreams.filter((one) => !one.eligible);
    const there = upstreams.filter((one) => one.eligible).map((one) => one.environment);
    const enough = environment.from.mode === "any" ? there.length > 0 : missing.length === 0;
    if (enough) return met(`was released in ${there.join(", ")}`);
    return unmet(missing.map((one) => `${one.why} ${one.environment}`).join(", "), {
      code: "from/not-eligible",
      ...sinceOf(missing, intent.artifact, now),
      clearedBy: missing
        .map((one) => `promote ${intent.artifact.id} to ${one.environment}`)
        .join(environment.from.mode === "any" ? " or " : " and "),
    });
  },
});

/** Never released: since it was made. Rejected: since then. Of what failed no time is known. */
function sinceOf(
  missing: readonly ReturnType<typeof eligible>[],
  artifact: Artifact,
  now: number,
): Pick<Unmet, "since"> {
  if (missing.some(({ why }) => why === notReleased)) return { since: sinceMade(artifact, now) };
  const times = missing.flatMap(({ since }) => since ?? []);
  return times.length === 0 ? {} : { since: timestamp(Math.min(...times)) };
}

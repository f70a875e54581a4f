import { digestOf, sameArtifact } from "../artifact/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import type { EnvName } from "../model/names.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { defineGate, met, unmet } from "./gate.ts";

/** Whether an artifact counts upstream: it was released there and neither failed nor was rolled back. */
export function eligible(record: ReleaseRecord, artifact: Artifact): { eligible: boolean; why: string } {
  const release = releases(record).find((one) => one.releasedAt !== null && sameArtifact(one.artifact, artifact));
  if (release === undefined) return { eligible: false, why: "was not released in" };
  if (release.state === "failed") return { eligible: false, why: "failed in" };
  if (record.rejected.some((one) => one.artifact === artifact.id && one.digest === digestOf(artifact)))
    return { eligible: false, why: "was rejected in" };
  return { eligible: true, why: "was released in" };
}

/** The artifact must have gone through the upstream environments. It sees the tip only, never the commit being made. */
export const from = defineGate({
  name: "from",
  options: undefined,
  outcome: "held",
  observes: "state",
  observe: ({ intent, environment }, state): { environment: EnvName; eligible: boolean; why: string }[] =>
    (environment.from?.environments ?? []).map((upstream) => ({
      environment: upstream,
      ...eligible(state.record(intent.app, upstream), intent.artifact),
    })),
  check: (upstreams, _options, _now, { environment, intent }) => {
    if (environment.from === undefined) return met("has no upstream");
    const missing = upstreams.filter((one) => !one.eligible);
    const there = upstreams.filter((one) => one.eligible).map((one) => one.environment);
    const enough = environment.from.mode === "any" ? there.length > 0 : missing.length === 0;
    if (enough) return met(`was released in ${there.join(", ")}`);
    return unmet(missing.map((one) => `${one.why} ${one.environment}`).join(", "), {
      code: "from/not-eligible",
      clearedBy: missing
        .map((one) => `promote ${intent.artifact.id} to ${one.environment}`)
        .join(environment.from.mode === "any" ? " or " : " and "),
    });
  },
});

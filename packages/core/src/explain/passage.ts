import { sameArtifact } from "../artifact/digest.ts";
import { GluError } from "../errors.ts";
import { eligible } from "../gates/from.ts";
import type { Artifact } from "../model/artifact.ts";
import type { EnvName } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import { releases } from "../model/record.ts";
import type { State } from "../state/state.ts";

/**
 * How far an artifact came in an environment. `runs`: it is the current release. `ran`: it was released, and another one
 * since. `failed`, `rejected`: it was released, and does not count. `never`: not as far as the record reaches.
 * `unknown`: the record cannot be read.
 */
export const passageStates = ["runs", "ran", "failed", "rejected", "never", "unknown"] as const;

export interface Passage {
  environment: EnvName;
  state: (typeof passageStates)[number];
  /** When it was last released there, RFC 3339. */
  releasedAt: string | undefined;
}

/** How far an artifact came in each environment of its app, in pipeline order. */
export function passagesOf({ name, environments }: App, artifact: Artifact, state: State): Passage[] {
  return environments.map((environment) => {
    try {
      const record = state.record(name, environment);
      const release = releases(record).find((one) => one.releasedAt !== null && sameArtifact(one.artifact, artifact));
      const releasedAt = release?.releasedAt ?? undefined;
      if (release === undefined) return { environment, state: "never", releasedAt };
      const counts = eligible(record, artifact, undefined).eligible;
      if (!counts) return { environment, state: release.state === "failed" ? "failed" : "rejected", releasedAt };
      return { environment, state: release === record.current ? "runs" : "ran", releasedAt };
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      return { environment, state: "unknown", releasedAt: undefined };
    }
  });
}

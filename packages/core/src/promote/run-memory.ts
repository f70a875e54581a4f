import type { AncestryReader } from "../decide/ancestry.ts";
import type { ObservationCache } from "../decide/observe.ts";
import type { Merges } from "../propose/merges.ts";
import type { RollbackTargets } from "../rollback/resolve-rollbacks.ts";
import type { ArtifactReader } from "../select/artifact-reader.ts";

/** What is kept from one attempt to the next: artifacts are immutable, outside observations are made once. */
export interface RunMemory {
  reader: ArtifactReader;
  ancestry: AncestryReader;
  observations: ObservationCache;
  merges: Merges;
  /** What a rollback goes back to. */
  rollbacks: RollbackTargets;
}

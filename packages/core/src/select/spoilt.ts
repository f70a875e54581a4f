import { compareArtifacts } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import type { UserError } from "../errors.ts";
import { manifestAt, manifestsCount } from "../manifests/manifest-at.ts";
import type { Artifact } from "../model/artifact.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { offered, type Taking } from "./latest.ts";

/** An artifact that is left out for its manifest, and what is wrong with that. */
export interface Spoilt {
  artifact: Artifact;
  error: UserError;
}

/** What it would take, were it not for a manifest that is refused: see {@link takenBy}. */
export function spoiltIn(
  { app, environment, explicit }: Taking,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
): Spoilt[] {
  if (!manifestsCount(app, environment)) return [];
  return offered({ app, environment, explicit }, all, upstreams).flatMap((artifact) => {
    const found = manifestAt(app, environment, artifact);
    return found.kind === "bad" ? [{ artifact, error: found.error }] : [];
  });
}

/** Artifacts with a bad manifest that are told of. */
const mostSpoilt = 3;

/** Those that people may wait for, newest first: what was overtaken is of no interest. */
export async function newerSpoilt(
  artifact: Artifact | undefined,
  spoilt: readonly Spoilt[],
  ancestry: AncestryReader,
): Promise<Spoilt[]> {
  const newest = spoilt.toSorted((a, b) => (a.artifact.id < b.artifact.id ? 1 : -1)).slice(0, mostSpoilt);
  if (artifact === undefined) return newest;
  for (const one of newest) await ancestry.load(one.artifact, artifact);
  return newest.filter((one) => compareArtifacts(one.artifact, artifact, ancestry.ask).kind === "newer");
}

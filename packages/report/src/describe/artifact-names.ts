import type { Artifact } from "@glu/core";
import type { PromotionReport } from "../report.ts";
import { versionOf } from "../version.ts";

/** Puts what people call an artifact in place of its id. */
export type NameArtifacts = (text: string) => string;

const ids = /\b\d{8}t\d{6}z-[0-9a-f]{12}\b/g;

/**
 * Names the artifacts that the report knows: `is older than 1.4.2` reads faster than an id. An id stays where no artifact
 * or another one of the same app has that name.
 */
export function artifactNames({ decisions, pipeline }: PromotionReport): NameArtifacts {
  const artifacts = new Map<string, Artifact>();
  for (const { artifact } of decisions.map((one) => one.intent)) artifacts.set(artifact.id, artifact);
  for (const { release } of pipeline.running)
    if (release !== undefined) artifacts.set(release.artifact.id, release.artifact);
  const bearers = new Map<string, number>();
  const key = (artifact: Artifact) => `${artifact.app} ${versionOf(artifact)}`;
  for (const one of artifacts.values()) bearers.set(key(one), (bearers.get(key(one)) ?? 0) + 1);
  return (text) =>
    text.replace(ids, (id) => {
      const artifact = artifacts.get(id);
      return artifact === undefined || bearers.get(key(artifact)) !== 1 ? id : versionOf(artifact);
    });
}

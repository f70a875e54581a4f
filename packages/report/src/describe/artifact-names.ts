import type { Artifact } from "@glu/core";
import type { PipelineView, PromotionReport } from "../report.ts";
import { versionOf } from "../version.ts";

/** Puts what people call an artifact in place of its id. */
export type NameArtifacts = (text: string) => string;

const ids = /\b\d{8}t\d{6}z-[0-9a-f]{12}\b/g;

/** Names the artifacts that the report knows. */
export function artifactNames({ decisions, pipeline }: Pick<PromotionReport, "decisions" | "pipeline">): NameArtifacts {
  return namesOf([...decisions.map(({ intent }) => intent.artifact), ...runningIn(pipeline)]);
}

/** The artifacts that run somewhere. */
export const runningIn = ({ running }: PipelineView): Artifact[] =>
  running.flatMap(({ release }) => (release === undefined ? [] : [release.artifact]));

/**
 * Names these artifacts: `is older than 1.4.2` reads faster than an id. An id stays where no artifact or another one of
 * the same app has that name.
 */
export function namesOf(all: readonly Artifact[]): NameArtifacts {
  const artifacts = new Map(all.map((artifact) => [artifact.id, artifact]));
  const bearers = new Map<string, number>();
  const key = (artifact: Artifact) => `${artifact.app} ${versionOf(artifact)}`;
  for (const one of artifacts.values()) bearers.set(key(one), (bearers.get(key(one)) ?? 0) + 1);
  return (text) =>
    text.replace(ids, (id) => {
      const artifact = artifacts.get(id);
      return artifact === undefined || bearers.get(key(artifact)) !== 1 ? id : versionOf(artifact);
    });
}

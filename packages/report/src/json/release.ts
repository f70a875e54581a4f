import { type Artifact, type GateOverride, type Release, timestamp } from "@glu/core";
import type { ReportedCost } from "../report.ts";
import { versionOf } from "../version.ts";
import type { Json } from "./json.ts";

/** What identifies an artifact; `glu artifact show` has it whole. */
export function artifactSummary(artifact: Artifact): Json {
  const { version } = artifact;
  return {
    id: artifact.id,
    version: versionOf(artifact),
    repository: version.repositoryName,
    sha: version.sha,
    branch: version.branch,
    tag: version.tag ?? null,
    committedAt: artifact.committedAt,
    images: Object.fromEntries(Object.entries(artifact.images).map(([name, image]) => [name, image.ref])),
  };
}

export function releaseJson(release: Release | undefined): Json {
  if (release === undefined) return null;
  return {
    artifact: artifactSummary(release.artifact),
    kind: release.kind,
    state: release.state,
    request: release.request,
    actor: { name: release.actor.name, verified: release.actor.verified },
    reason: release.reason ?? null,
    decidedOn: release.decidedOn,
    decidedAt: release.decidedAt,
    releasedAt: release.releasedAt,
    verifiedAt: release.verifiedAt ?? null,
    verification: release.verification === undefined ? null : { ...release.verification },
    superseded: release.superseded,
    ...(release.overrides === undefined ? {} : { overrides: release.overrides.map(overrideJson) }),
  };
}

export const overrideJson = ({ clearedBy, ...override }: GateOverride): Json => ({
  ...override,
  ...(clearedBy === undefined ? {} : { clearedBy }),
});

export function costJson(cost: ReportedCost | undefined): Json {
  if (cost === undefined) return null;
  return {
    way: cost.way ?? null,
    requests: cost.requests ?? null,
    bytesReceived: cost.bytesReceived ?? null,
    milliseconds: cost.milliseconds ?? null,
    api: (cost.api ?? []).map(({ server, calls, unchanged, limits }) => ({
      server,
      calls,
      unchanged,
      limits: limits.map(({ resource, limit, remaining, resetsAt }) => ({
        resource,
        limit,
        remaining,
        resetsAt: timestamp(resetsAt),
      })),
    })),
  };
}

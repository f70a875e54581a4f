import { digestOf, sameArtifact } from "../artifact/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import { mayHaveForgotten, type Release, type ReleaseRecord, releases, removalOf } from "../model/record.ts";
import { versionLabel } from "../promote/release.ts";
import type { RollbackTarget } from "./target.ts";

/**
 * What a record says of a target. `none`: nothing of the kind was released here. `forgotten`: the record does not reach
 * back that far, and the history of the branch may.
 */
export type Found =
  | { kind: "found"; release: Release }
  | { kind: "none"; why: string }
  | { kind: "forgotten"; why: string };

/** The release of a record that a target means. Pure; the record is as it was before this request. */
export function findRelease(record: ReleaseRecord, target: RollbackTarget): Found {
  const released = releases(record).filter(({ releasedAt }) => releasedAt !== null);
  const { app, environment } = record;
  const removed = removalOf(record);
  if (removed !== undefined) {
    // It is gone on purpose: it comes back by a promotion, which nobody takes for the way back.
    return { kind: "none", why: `${app} was removed from ${environment} by ${removed.actor.name} at ${removed.at}` };
  }
  if (released.length === 0) {
    const why = `nothing is released of ${app} in ${environment}`;
    return mayHaveForgotten(record) ? { kind: "forgotten", why } : { kind: "none", why };
  }
  switch (target.kind) {
    case "steps":
      return nth(goodOnes(record, released), target.count, record);
    case "healthy":
      return nth(
        // What nobody has looked at yet says nothing of an artifact that was healthy before.
        goodOnes(record, released.filter(isDecided)).filter(({ state }) => state === "healthy"),
        1,
        record,
        "that was verified",
      );
    case "time":
      return atTime(released, target.at, record);
    case "named":
      return named(released, target.name, record);
  }
}

const isDecided = ({ state }: Release): boolean => state === "healthy" || state === "failed";

/** Earlier releases to which one may go back step by step: each artifact once, and none that was rolled back or failed. */
function goodOnes({ current, rejected }: ReleaseRecord, released: readonly Release[]): Release[] {
  const seen: Artifact[] = current === null ? [] : [current.artifact];
  return released.filter(({ artifact, state }) => {
    if (seen.some((one) => sameArtifact(one, artifact))) return false;
    seen.push(artifact);
    return state !== "failed" && !rejected.some((one) => one.artifact === artifact.id);
  });
}

function nth(good: readonly Release[], count: number, record: ReleaseRecord, which = ""): Found {
  const release = good[count - 1];
  if (release !== undefined) return { kind: "found", release };
  const { app, environment } = record;
  const those = `earlier ${good.length === 1 ? "release" : "releases"} of ${app} in ${environment}${which === "" ? "" : ` ${which}`}`;
  const why =
    good.length === 0
      ? `there is no ${those.replace("releases", "release")} to go back to`
      : `there ${good.length === 1 ? "is only 1" : `are only ${good.length}`} ${those}`;
  return mayHaveForgotten(record) ? { kind: "forgotten", why } : { kind: "none", why };
}

function atTime(released: readonly Release[], at: number, record: ReleaseRecord): Found {
  const release = released.find(({ releasedAt }) => releasedAt !== null && Date.parse(releasedAt) <= at);
  const { removed } = release ?? {};
  if (release !== undefined && removed !== undefined && Date.parse(removed.at) <= at) {
    return { kind: "none", why: `${record.app} was removed from ${record.environment} at ${removed.at}` };
  }
  if (release !== undefined) return { kind: "found", release };
  const why = `nothing was released of ${record.app} in ${record.environment} at ${new Date(at).toISOString()}`;
  return mayHaveForgotten(record) ? { kind: "forgotten", why } : { kind: "none", why };
}

function named(released: readonly Release[], name: string, record: ReleaseRecord): Found {
  const release = released.find(({ artifact }) => isCalled(artifact, name));
  if (release !== undefined) return { kind: "found", release };
  // It may also be a commit of the config repository.
  const why = `${name} was not released of ${record.app} in ${record.environment}`;
  return { kind: "forgotten", why };
}

/** Whether a name stands for an artifact: its id, digest, version, tag, or the commit of its source. */
export function isCalled(artifact: Artifact, name: string): boolean {
  if ([artifact.id, digestOf(artifact), versionLabel(artifact), artifact.version.tag].includes(name)) return true;
  if (Object.values(artifact.images).some(({ tag }) => tag === name)) return true;
  return /^[0-9a-f]{7,64}$/.test(name) && artifact.version.sha.startsWith(name);
}

import semver from "semver";
import type { Artifact } from "../model/artifact.ts";
import { sameArtifact } from "./digest.ts";

/** How `a` stands to `b`, and by what that is known. */
export type Order =
  | { kind: "older" | "same" | "newer"; by: "digest" | "ancestry" | "semver" | "run" | "committed" | "created" }
  | { kind: "incomparable"; why: string };

/** What the source repository says: whether the first commit is an ancestor of the second; undefined where unknown. */
export type Ancestry = (ancestor: string, descendant: string) => boolean | undefined;

const unknown: Ancestry = () => undefined;

/** What artifacts must share to be ordered. A pull request is a line of its own, whatever its branch is called. */
function lineOf({ version }: Artifact): string {
  if (version.event === "pr") return `pull request ${version.url ?? version.sourceBranch ?? version.branch}`;
  return version.event === "tag" || version.tag ? "tags" : `branch ${version.branch}`;
}

/** Undefined without a tag that is a semantic version. The parser throws inside where there is none, which is slow. */
const versionOf = ({ version: { tag } }: Artifact): semver.SemVer | undefined =>
  tag === undefined ? undefined : (semver.parse(tag) ?? undefined);

const isOfOneRepository = (a: Artifact, b: Artifact): boolean =>
  a.version.repositoryName.toLowerCase() === b.version.repositoryName.toLowerCase();

/** Whether the source repository says that `a` comes before `b`. */
function isAncestor({ version: a }: Artifact, { version: b }: Artifact, ancestry: Ancestry): boolean {
  return a.sha !== b.sha && ancestry(a.sha, b.sha) === true;
}

function byNumber(a: number, b: number, by: "semver" | "run" | "committed" | "created"): Order {
  return { kind: a < b ? "older" : a > b ? "newer" : "same", by };
}

/**
 * The order of two artifacts of one app: ancestry of their commits, where it can be read; else semantic versions; else
 * the run number within one workflow, which a re-run does not change; else source committer time; `created` only for an
 * equal commit, and where no run made them and their times do not tell. Artifacts of different repositories or branches
 * are incomparable.
 */
export function compareArtifacts(a: Artifact, b: Artifact, ancestry: Ancestry = unknown): Order {
  if (sameArtifact(a, b)) return { kind: "same", by: "digest" };
  if (!isOfOneRepository(a, b)) {
    return {
      kind: "incomparable",
      why: `${a.version.repositoryName} and ${b.version.repositoryName} are different repositories`,
    };
  }
  if (isAncestor(a, b, ancestry)) return { kind: "older", by: "ancestry" };
  if (isAncestor(b, a, ancestry)) return { kind: "newer", by: "ancestry" };
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left !== undefined && right !== undefined && semver.compare(left, right) !== 0) {
    return byNumber(semver.compare(left, right), 0, "semver");
  }
  if (lineOf(a) !== lineOf(b)) {
    return { kind: "incomparable", why: `${branchOf(a)} and ${branchOf(b)} are different branches` };
  }
  if (
    a.run?.number !== undefined &&
    b.run?.number !== undefined &&
    sameWorkflow(a, b) &&
    a.run.number !== b.run.number
  ) {
    return byNumber(a.run.number, b.run.number, "run");
  }
  if (a.version.sha === b.version.sha || isSilentOnTime(a, b)) {
    return byNumber(Date.parse(a.created), Date.parse(b.created), "created");
  }
  return byNumber(Date.parse(a.committedAt), Date.parse(b.committedAt), "committed");
}

/**
 * Whether commit times say nothing of the order of two artifacts that no run made: they are equal, or one of them is not
 * known, as that of an image at a moving tag that does not say when it was built. Then the one that was seen later is
 * newer. What a run made has `created` of its attempt, which decides nothing.
 */
function isSilentOnTime(a: Artifact, b: Artifact): boolean {
  if (a.run !== undefined || b.run !== undefined) return false;
  const [left, right] = [Date.parse(a.committedAt), Date.parse(b.committedAt)];
  return left === right || left === 0 || right === 0;
}

function sameWorkflow(a: Artifact, b: Artifact): boolean {
  return a.run?.host === b.run?.host && a.run?.workflow !== undefined && a.run.workflow === b.run?.workflow;
}

function branchOf({ version }: Artifact): string {
  if (version.event === "pr") return `the pull request of ${version.branch || "an unknown branch"}`;
  return version.branch || version.tag || "no branch";
}

/** Last committed first; of commits of the same second the one that was made last. It does not depend on the order of reading. */
function lastFirst(artifacts: readonly Artifact[]): Artifact[] {
  return [...artifacts].sort(
    (a, b) =>
      Date.parse(b.committedAt) - Date.parse(a.committedAt) ||
      Date.parse(b.created) - Date.parse(a.created) ||
      (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
  );
}

/**
 * Whether one artifact may follow another by itself: it is newer, or, of different branches and so without an order, it
 * was committed later, as {@link newest} has them.
 */
export function follows(one: Artifact, other: Artifact, ancestry: Ancestry = unknown): boolean {
  const { kind } = compareArtifacts(one, other, ancestry);
  return kind === "newer" || (kind === "incomparable" && lastFirst([one, other])[0] === one);
}

/**
 * The greatest of a list: the last committed of those that nothing in it is newer than, since artifacts of different
 * branches have no order; of commits of the same second the one that was made last. Where run numbers and ancestry lead
 * in a circle, ancestry is believed. Undefined for an empty list.
 */
export function newest(artifacts: readonly Artifact[], ancestry: Ancestry = unknown): Artifact | undefined {
  // Sorted first, so that the answer does not depend on the order of reading.
  const sorted = lastFirst(artifacts);
  const isOlder = (one: Artifact, other: Artifact) => compareArtifacts(one, other, ancestry).kind === "older";
  // Every one against every other: of hundreds, so that nothing more than this may be looked at.
  const heads = sorted.filter(
    (one) => !sorted.some((other) => isAncestor(one, other, ancestry) && isOfOneRepository(one, other)),
  );
  return heads.find((one) => !heads.some((other) => isOlder(one, other))) ?? heads[0] ?? sorted[0];
}

/**
 * Artifacts of any apps, newest first: each time the {@link newest} of what is left. The first of one app's list is
 * what `latest` means there.
 */
export function inOrder(artifacts: readonly Artifact[]): Artifact[] {
  const sorted = lastFirst(artifacts);
  // How many of those that are left are newer, and than which each of them is.
  const newer = sorted.map(() => 0);
  const older: number[][] = sorted.map(() => []);
  sorted.forEach((one, at) => {
    for (let other = at + 1; other < sorted.length; other++) {
      const against = sorted[other] as Artifact;
      if (one.app !== against.app) continue;
      const { kind } = compareArtifacts(one, against);
      if (kind !== "newer" && kind !== "older") continue;
      const [above, below] = kind === "newer" ? [at, other] : [other, at];
      older[above]?.push(below);
      newer[below] = (newer[below] ?? 0) + 1;
    }
  });
  const left = new Set(sorted.keys());
  const ordered: Artifact[] = [];
  while (left.size > 0) {
    const next = [...left].find((at) => newer[at] === 0) ?? ([...left][0] as number);
    left.delete(next);
    ordered.push(sorted[next] as Artifact);
    for (const below of older[next] ?? []) newer[below] = (newer[below] ?? 0) - 1;
  }
  return ordered;
}

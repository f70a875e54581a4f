import { pastGates, versionLabel } from "../promote/release.ts";
import type { Arrival } from "./arrivals.ts";
import type { Audience } from "./audience.ts";
import { placeName } from "./place-name.ts";

/**
 * Marks the source commit, or the config commit, with `glu/released/<environment>`: never with `glu/<environment>`,
 * which is what a proposal's head is checked by. What was there before is told that it no longer is. Nothing that is
 * pending is ever said: on GitLab it would keep the commit's pipeline from ending.
 */
export async function tellStatus(
  arrival: Arrival,
  { audience, isSource }: { audience: Audience; isSource: boolean },
): Promise<{ what: string; url: string | undefined }[]> {
  const { environment, release, previous, commit } = arrival;
  const { artifact } = release;
  const at = isSource ? artifact.version.sha : commit;
  if (at === undefined) return [];
  const context = `glu/released/${placeName(arrival, isSource)}`;
  const version = versionLabel(artifact);
  const url = isSource ? undefined : audience.commitPage(at);
  const when = `${release.releasedAt.slice(0, 16).replace("T", " ")} UTC`;
  const failed = release.state === "failed";
  await audience.statuses.set(at, {
    context,
    state: failed ? "failure" : "success",
    description: failed
      ? `Failed in ${environment.name}: ${version}`
      : `In ${environment.name} since ${when}: ${version}${pastGates(release)}`,
    url,
  });
  const before = previous?.artifact.version;
  const isSame = before?.repositoryName.toLowerCase() === artifact.version.repositoryName.toLowerCase();
  if (isSource && before !== undefined && isSame && before.sha !== at) {
    const description = `Was in ${environment.name} until ${when}: ${version} took its place`;
    await audience.statuses.set(before.sha, { context, state: "success", description, url });
  }
  return [];
}

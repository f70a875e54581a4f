import type { Pin, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import type { Block } from "./commits.ts";
import type { Word } from "./plan.ts";
import { holdsAt, isIn, isRejected, numberOf, pinOf, recordOf, releasesOf, type Tree } from "./tree.ts";
import { type EnvironmentName, fileOf, type OnFailure, upstreamOf, valuesIn } from "./world.ts";

// What holds of verification and what follows from it, said again by the words of the documentation.

export interface Verifying {
  /** By environment; undefined where nothing is verified. */
  onFailure: Readonly<Partial<Record<string, OnFailure[EnvironmentName]>>>;
  /** How long a release has, in seconds. */
  within: number;
  /** What the gates were made to say of a version. */
  wordOf(environment: string, app: string, number: number): Word;
}

/** What may be written down of a release, by what its gates say. */
const truths: Record<Word, readonly Release["state"][]> = {
  good: ["healthy"],
  bad: ["committed", "failed"],
  // It comes at the second look: whether that is in time, the clock decides.
  slow: ["committed", "healthy", "failed"],
  silent: [],
};

/** A commit that writes down what became of a release: it says the truth, in time, once, and nothing else. */
export function checkVerdict(
  where: string,
  { app, environment }: { app: string; environment: string },
  { was, is, verifying }: { was: ReleaseRecord | undefined; is: ReleaseRecord | undefined; verifying: Verifying },
): Release["state"] {
  const [before, after] = [was?.current, is?.current];
  if (was === undefined || !before || !after) throw new Error(`${where}: there is nothing to verify.`);
  const { state, verification, verifiedAt, ...rest } = after;
  const { state: old, verification: seen, verifiedAt: _, ...same } = before;
  expect(rest, `${where}: what is released stays as it is`).toEqual(same);
  expect(is?.history, `${where}: the history stays as it is`).toEqual(was.history);
  expect(old, `${where}: what is decided is decided`).toBe("committed");
  const word = verifying.wordOf(environment, app, numberOf(after));
  expect(truths[word], `${where}: is ${word}`).toContain(state);
  expect(verifiedAt === undefined, `${where}: says when it was healthy`).toBe(state !== "healthy");
  if (state === "committed") expect(seen, `${where}: a first look is written down once`).toBeUndefined();
  const at = Date.parse(verification?.at ?? "");
  const isFailed = state === "failed";
  if (isFailed) {
    const since = Date.parse(after.releasedAt ?? "");
    expect(at - since, `${where}: it had its time`).toBeGreaterThanOrEqual(verifying.within * 1000);
  }
  const rejects = isFailed && verifying.onFailure[environment] !== "notify";
  const rejected = (record: ReleaseRecord | undefined) =>
    (record?.rejected ?? []).map(({ artifact }) => artifact).sort();
  const wanted = new Set([...rejected(was), ...(rejects ? [after.artifact.id] : [])]);
  expect(rejected(is), `${where}: what failed is rejected, and nothing else`).toEqual([...wanted].sort());
  return state;
}

/** What went on was good where it came from: what failed there, or was not verified yet, never goes on. */
export function checkUpstream(
  where: string,
  tree: Tree,
  { app, environment }: Block,
  release: Release,
  verifying: Verifying,
) {
  const upstream = upstreamOf[environment];
  if (upstream === undefined || release.overrides?.some(({ gate }) => gate === "from")) return;
  const record = recordOf(tree, app, upstream);
  const there = releasesOf(record).find(({ artifact }) => artifact.id === release.artifact.id);
  expect(there?.artifact.id, `${where}: was in ${upstream}`).toBe(release.artifact.id);
  expect(isRejected(record, release.artifact.id), `${where}: was rejected in ${upstream}`).toBe(false);
  if (verifying.onFailure[upstream] === "notify") return;
  expect(there?.state, `${where}: was healthy in ${upstream}`).toBe("healthy");
}

/** Glu's own way back: of what failed, where the config wants it, to the last that was healthy. Gives what failed. */
export function checkUndone(
  where: string,
  { record, pin, isAsReleased }: { record: ReleaseRecord | undefined; pin: Pin | undefined; isAsReleased: boolean },
  release: Release,
  onFailure: string | undefined,
): Release {
  const failed = record?.current;
  if (!failed || record === undefined) throw new Error(`${where}: nothing has failed.`);
  expect(onFailure, `${where}: the config wants it back`).toBe("rollback");
  expect(failed.state, `${where}: only what failed goes back by itself`).toBe("failed");
  expect(failed.kind, `${where}: a rollback that failed stays`).not.toBe("rollback");
  expect(release.kind, `${where}: is called so`).toBe("rollback");
  expect(release.reason ?? "", `${where}: says what failed`).toContain(" failed: ");
  expect(healthyBefore(record), `${where}: to the last that was healthy`).toBe(release.artifact.id);
  if (pin !== undefined && holdsAt(pin, Date.parse(release.decidedAt))) {
    expect(pin.artifact, `${where}: not over a pin`).toBe(release.artifact.id);
  }
  expect(isAsReleased, `${where}: not over what was changed by hand`).toBe(true);
  return failed;
}

/** The artifact that ran last and was healthy, and did not fail since; that is another one than what runs, and was not rejected. */
export function healthyBefore(record: ReleaseRecord): string | undefined {
  const { current, history } = record;
  const decided = history.filter(({ state }) => state === "healthy" || state === "failed");
  const good = decided.find(({ state, artifact }, at) => {
    const isNewest = decided.findIndex((one) => one.artifact.id === artifact.id) === at;
    return isNewest && state === "healthy" && artifact.id !== current?.artifact.id && !isRejected(record, artifact.id);
  });
  return good?.artifact.id;
}

/** Once nothing moves: everything was looked at that can be, and what failed is back if there is a way. */
export function checkRest(
  place: string,
  tree: Tree,
  { app, environment }: { app: string; environment: string },
  verifying: Verifying,
) {
  const record = recordOf(tree, app, environment);
  const current = record?.current;
  if (!record || !current) return;
  const word = verifying.wordOf(environment, app, numberOf(current));
  const ends: Record<Word, readonly Release["state"][]> = {
    good: ["healthy"],
    bad: ["failed"],
    slow: ["healthy", "failed"],
    silent: ["committed"],
  };
  expect(ends[word], `${place}: ${current.artifact.id} is ${word} and was looked at`).toContain(current.state);
  const isBack =
    current.state !== "failed" || current.kind === "rollback" || verifying.onFailure[environment] !== "rollback";
  const good = healthyBefore(record);
  if (isBack || good === undefined) return;
  const pin = pinOf(tree, app, environment);
  const isPinned = pin !== undefined && holdsAt(pin, Date.now()) && pin.artifact !== good;
  const isByHand = !isIn(valuesIn(tree.get(fileOf(app, environment)) ?? "", app), current);
  expect(isPinned || isByHand, `${place}: what failed is back, unless a pin or a change by hand is in the way`).toBe(
    true,
  );
}

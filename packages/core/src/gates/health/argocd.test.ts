import { describe, expect, it } from "vitest";
import { artifactOf } from "../../test-kit/memory.ts";
import { application, argocdOptions, commitsOf, judgeApplication } from "./argocd.ts";

const artifact = artifactOf("web", 3);
const { digest, name } = artifact.images.web!;
const [old, sha] = ["a".repeat(40), "b".repeat(40)];
const released = Date.parse("2026-11-20T10:00:00Z");
const wanted = { images: Object.values(artifact.images), releasedAt: released };

const [here, elsewhere, nobodyKnows] = [true, false, undefined];
const at = (minute: number) => new Date(released + minute * 60_000).toISOString();
const succeeded = { phase: "Succeeded", finishedAt: at(2), syncResult: { revision: sha } };
const degraded = (kind: string, group?: string) => ({
  health: { status: "Degraded" },
  resources: [
    { kind, name: "web", ...(group === undefined ? {} : { group }), health: { status: "Degraded", message: "no" } },
  ],
});

/** The same, after a release that had the same images, or others. */
const after = (digests: string) => ({ ...wanted, imagesBefore: [{ ...artifact.images.web!, digest: digests }] });

/** A status of an Application that is as it should be, with what is different. */
const app = (status: object, more: object = {}) =>
  application.parse({
    metadata: { name: "web" },
    spec: { syncPolicy: { automated: {} } },
    ...more,
    status: {
      sync: { status: "Synced", revision: sha },
      health: { status: "Healthy" },
      reconciledAt: at(3),
      operationState: succeeded,
      summary: {},
      ...status,
    },
  });

const images = (...all: string[]) => ({ summary: { images: all } });
const ours = `${name}@${digest}`;
const theirs = `${name}@sha256:${"0".repeat(64)}`;
const outOfSync = { sync: { status: "OutOfSync", revision: sha } };

it.each<[string, object, boolean | undefined, boolean | undefined, object]>([
  ["a synced commit that has it", {}, here, here, { state: "healthy", synced: true }],
  [
    "the digest live, of a chart whose revision is a version",
    images(ours),
    nobodyKnows,
    nobodyKnows,
    { state: "healthy", synced: true },
  ],
  ["the digest live, whatever the revision is", images(ours), elsewhere, elsewhere, { state: "healthy", synced: true }],
  [
    "the digest under the name of a mirror",
    images(`mirror.test/web@${digest}`),
    nobodyKnows,
    nobodyKnows,
    { state: "healthy" },
  ],
  ["the tag live, where no digest is written", images(`${name}:1.3`), nobodyKnows, nobodyKnows, { state: "healthy" }],
  ["another tag", images(`${name}:1.2`), nobodyKnows, nobodyKnows, { state: "waits", code: "health/not-synced" }],
  [
    "the tag of another image",
    images("ghcr.io/acme/other:1.3"),
    nobodyKnows,
    nobodyKnows,
    { state: "unknown", code: "health/no-proof" },
  ],
  ["another digest", images(theirs), nobodyKnows, nobodyKnows, { state: "waits", code: "health/not-synced" }],
  ["an older commit", images(theirs), elsewhere, elsewhere, { state: "waits", code: "health/not-synced" }],
  ["nothing to compare", {}, nobodyKnows, nobodyKnows, { state: "unknown", code: "health/no-proof" }],
  [
    "both images while it rolls out",
    { ...images(theirs, ours), health: { status: "Progressing" } },
    nobodyKnows,
    nobodyKnows,
    { state: "waits", code: "health/progressing", synced: true },
  ],
  [
    "both images, at a commit without it",
    images(theirs, ours),
    elsewhere,
    elsewhere,
    { state: "waits", code: "health/not-synced" },
  ],
  [
    "a sync that runs",
    { operationState: { phase: "Running" } },
    here,
    here,
    { state: "waits", code: "health/syncing", synced: true },
  ],
  [
    "a sync that is ended by somebody",
    { operationState: { phase: "Terminating" } },
    elsewhere,
    elsewhere,
    { state: "waits", code: "health/syncing" },
  ],
  [
    "a sync of it that failed",
    { ...outOfSync, operationState: { ...succeeded, phase: "Failed", message: "hook" } },
    here,
    here,
    { state: "failed", seen: "the sync of web ended as Failed: hook" },
  ],
  [
    "a sync of it in error",
    { ...outOfSync, operationState: { ...succeeded, phase: "Error" } },
    here,
    here,
    { state: "failed" },
  ],
  [
    "a sync of something else that failed",
    { ...outOfSync, operationState: { ...succeeded, phase: "Failed" } },
    here,
    elsewhere,
    { state: "waits", code: "health/not-synced" },
  ],
  [
    "a failed sync that was repaired",
    { operationState: { ...succeeded, phase: "Failed" } },
    here,
    here,
    { state: "healthy" },
  ],
  ["OutOfSync after its sync was done", outOfSync, here, here, { state: "healthy" }],
  ["OutOfSync before it", outOfSync, here, elsewhere, { state: "waits", code: "health/not-synced" }],
  [
    "OutOfSync with the digest live since a sync after the release",
    { ...outOfSync, ...images(ours) },
    here,
    nobodyKnows,
    { state: "healthy" },
  ],
  [
    "OutOfSync with the digest live and no sync since",
    { ...outOfSync, ...images(ours), operationState: { ...succeeded, finishedAt: at(-5) } },
    here,
    nobodyKnows,
    { state: "waits", code: "health/not-synced", synced: true },
  ],
  [
    "health from before the sync ended",
    { reconciledAt: at(1) },
    here,
    here,
    { state: "waits", code: "health/progressing", synced: true },
  ],
  ["health of the same second", { reconciledAt: at(2) }, here, here, { state: "healthy" }],
  ["Progressing", { health: { status: "Progressing" } }, here, here, { state: "waits", synced: true }],
  ["Missing", { health: { status: "Missing" } }, here, here, { state: "waits", code: "health/progressing" }],
  [
    "Suspended",
    { health: { status: "Suspended" } },
    here,
    here,
    { state: "waits", code: "health/suspended", synced: true },
  ],
  [
    "health that is Unknown",
    { health: { status: "Unknown" } },
    here,
    here,
    { state: "unknown", code: "health/unknown" },
  ],
  ["no health", { health: undefined }, here, here, { state: "unknown" }],
  [
    "Degraded, nobody says why",
    { health: { status: "Degraded" } },
    here,
    here,
    { state: "waits", code: "health/degraded", synced: true },
  ],
  [
    "Degraded by an autoscaler",
    degraded("HorizontalPodAutoscaler", "autoscaling"),
    here,
    here,
    { state: "waits", code: "health/degraded" },
  ],
  [
    "Degraded by a Deployment over its deadline",
    degraded("Deployment", "apps"),
    here,
    here,
    { state: "failed", seen: "web is Degraded: Deployment web: no", synced: true },
  ],
  ["Degraded by an aborted Rollout", degraded("Rollout", "argoproj.io"), here, here, { state: "failed" }],
  ["Degraded by another Deployment", degraded("Deployment", "example.com"), here, here, { state: "waits" }],
  ["Degraded before the release came", degraded("Deployment", "apps"), elsewhere, elsewhere, { state: "waits" }],
  [
    "a comparison that failed",
    { sync: { status: "Unknown" }, conditions: [{ type: "ComparisonError", message: "no such path" }] },
    here,
    here,
    { state: "unknown", seen: "Argo CD cannot compare web: ComparisonError: no such path" },
  ],
  [
    "an application that nothing has looked at",
    { sync: undefined, health: undefined, operationState: undefined },
    nobodyKnows,
    nobodyKnows,
    { state: "unknown" },
  ],
])("of a release, %s", (_, status, compared, operated, said) => {
  const judged = judgeApplication(app(status), wanted, { compared, operated });
  expect(judged).toMatchObject(said);
  if (!("synced" in said) && judged.state !== "healthy" && judged.code === "health/not-synced")
    expect(judged.synced).toBeUndefined();
});

it.each<[string, object, object, object]>([
  ["with sync off", outOfSync, { spec: {} }, { clearedBy: expect.stringContaining("does not sync by itself") }],
  [
    "with sync disabled",
    outOfSync,
    { spec: { syncPolicy: { automated: { enabled: false } } } },
    { clearedBy: expect.stringContaining("does not sync") },
  ],
  ["with sync on", outOfSync, {}, { state: "waits" }],
  ["with an operation that has not begun", {}, { operation: { sync: {} } }, { state: "waits", code: "health/syncing" }],
])("an application %s", (_, status, more, said) => {
  const judged = judgeApplication(app(status, more), wanted, { compared: true, operated: false });
  expect(judged).toMatchObject(said);
  if (Object.keys(more).length === 0) expect(judged.clearedBy).toBeUndefined();
});

it.each<[string, object, string]>([
  ["as it should be", {}, "healthy"],
  ["with an image nobody knows", images(theirs), "healthy"],
  ["OutOfSync", outOfSync, "waits"],
  ["Degraded for good", degraded("Deployment", "apps"), "waits"],
  ["with a failed sync", { ...outOfSync, operationState: { ...succeeded, phase: "Failed" } }, "waits"],
  ["Progressing", { health: { status: "Progressing" } }, "waits"],
])("before a release, a place %s %#", (_, status, state) => {
  const judged = judgeApplication(app(status), undefined, { compared: undefined, operated: undefined });
  expect(judged.state).toBe(state);
  expect(judged.synced).toBeUndefined();
});

it("compares the commits of several sources, and no versions of charts", () => {
  const several = app({
    sync: { status: "Synced", revision: "", revisions: ["1.2.3", sha, `sha256:${"0".repeat(64)}`] },
  });
  expect(commitsOf(several.status.sync!, several)).toEqual([sha]);
});

it("compares the commit that another was made of", () => {
  const hydrated = app({ sourceHydrator: { lastSuccessfulOperation: { drySHA: old, hydratedSHA: sha } } });
  expect(commitsOf(hydrated.status.sync!, hydrated)).toEqual([old]);
});

it("needs a token", () => {
  expect(argocdOptions.safeParse({ url: "https://argo.test", application: "web" }).success).toBe(false);
});

// What a rollback finds: pods of the old version have never gone, and what failed is still there.
it.each<[string, object, boolean | undefined, object]>([
  ["that is not synced yet", {}, elsewhere, { state: "waits", code: "health/not-synced", synced: undefined }],
  [
    "of which nobody knows the commit, with no sync since",
    {},
    nobodyKnows,
    { state: "waits", code: "health/degraded" },
  ],
  [
    "of which nobody knows the commit, with a sync since",
    { operationState: succeeded },
    nobodyKnows,
    { state: "failed" },
  ],
  ["that is synced", {}, here, { state: "failed", synced: true }],
])("Degraded with both versions live is none of a release %s", (_, more, compared, said) => {
  const operationState = { ...succeeded, finishedAt: at(-5) };
  const status = { ...degraded("Deployment", "apps"), ...images(theirs, ours), operationState, ...more };
  const judged = judgeApplication(app(status), wanted, { compared, operated: compared === true ? true : compared });
  expect({ synced: undefined, ...judged }).toMatchObject(said);
});

describe("images that the release before had as well", () => {
  const judge = (compared: boolean | undefined, operated: boolean | undefined, status: object = {}) =>
    judgeApplication(app({ ...images(ours), ...status }), after(digest), { compared, operated });

  it("prove nothing at a commit without the release", () => {
    expect(judge(elsewhere, elsewhere)).toMatchObject({ state: "waits", code: "health/not-synced" });
    expect(judge(elsewhere, elsewhere)).not.toHaveProperty("synced");
    expect(judge(here, elsewhere, outOfSync)).not.toHaveProperty("synced");
    expect(judge(here, here)).toMatchObject({ state: "healthy", synced: true });
  });

  it("are all that is known where no commit can be compared", () => {
    expect(judge(nobodyKnows, nobodyKnows)).toMatchObject({ state: "healthy", synced: true });
  });

  it("are not those of another digest", () => {
    const contains = { compared: elsewhere, operated: elsewhere };
    expect(judgeApplication(app(images(ours)), after(`sha256:${"0".repeat(64)}`), contains)).toMatchObject({
      state: "healthy",
    });
  });
});

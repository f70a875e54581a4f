import { expect, it } from "vitest";
import { artifactOf } from "../../test-kit/memory.ts";
import { judgeWorkload, workload } from "./kubernetes.ts";

const artifact = artifactOf("web", 3);
const { ref, name } = artifact.images.web!;
const wanted = { images: Object.values(artifact.images), releasedAt: 0 };

interface Given {
  kind?: string;
  generation?: number;
  spec?: object;
  status?: object;
  images?: string[];
  init?: string[];
}

const done = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const object = ({ kind = "Deployment", generation = 2, spec = {}, status = {}, images = [ref], init = [] }: Given) =>
  workload.parse({
    kind,
    metadata: { name: "web", generation },
    spec: {
      replicas: 3,
      ...spec,
      template: {
        spec: { containers: images.map((image) => ({ image })), initContainers: init.map((image) => ({ image })) },
      },
    },
    status: { ...done, ...status },
  });

const condition = (reason: string) => ({
  conditions: [{ type: "Progressing", status: "False", reason, message: "late" }],
});
const set = (more: Given): Given => ({ kind: "StatefulSet", ...more });
const daemon = (more: Given): Given => ({ kind: "DaemonSet", ...more });
const parted = (partition: number) => ({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } } });

// As kubectl's own tests have them (pkg/polymorphichelpers/rollout_status_test.go).
it.each<[string, Given, string, string]>([
  ["all replicas", {}, "healthy", "3 of 3 replicas are available"],
  [
    "no replicas wanted",
    { spec: { replicas: 0 }, status: { replicas: 0, updatedReplicas: 0, availableReplicas: 0 } },
    "healthy",
    "0 of 0",
  ],
  ["no status yet", { status: { observedGeneration: undefined } }, "waits", "has not seen it"],
  ["an older generation", { generation: 3 }, "waits", "has not seen it"],
  ["a newer generation", { generation: 1 }, "healthy", ""],
  ["too few updated", { status: { updatedReplicas: 1 } }, "waits", "updated 1 of 3"],
  [
    "one replica where none is said",
    { spec: { replicas: undefined }, status: { replicas: 0, updatedReplicas: 0, availableReplicas: 0 } },
    "waits",
    "updated 0 of 1",
  ],
  ["old ones left", { status: { replicas: 4 } }, "waits", "1 old replicas"],
  ["too few available", { status: { availableReplicas: 2 } }, "waits", "2 of 3 updated replicas available"],
  ["over its deadline", { status: condition("ProgressDeadlineExceeded") }, "failed", "progress deadline: late"],
  [
    "an older generation over its deadline",
    { generation: 3, status: condition("ProgressDeadlineExceeded") },
    "waits",
    "",
  ],
  ["another reason", { status: condition("ReplicaSetUpdated") }, "healthy", ""],
  ["paused", { spec: { paused: true }, status: { updatedReplicas: 0 } }, "waits", "and is paused"],
  [
    "a set that is done",
    set({ status: { currentRevision: "a", updateRevision: "a" } }),
    "healthy",
    "3 of 3 replicas are ready",
  ],
  ["a set without ready pods", set({ status: { readyReplicas: 1 } }), "waits", "1 of 3 replicas ready"],
  [
    "a set between two revisions",
    set({ status: { currentRevision: "a", updateRevision: "b", updatedReplicas: 1 } }),
    "waits",
    "updated 1 of 3",
  ],
  [
    "a set whose partition is done",
    set({ spec: parted(2), status: { currentRevision: "a", updateRevision: "b", updatedReplicas: 1 } }),
    "healthy",
    "in its partition",
  ],
  [
    "a set whose partition is not",
    set({ spec: parted(1), status: { currentRevision: "a", updateRevision: "b", updatedReplicas: 1 } }),
    "waits",
    "1 of 2",
  ],
  ["a set that nobody has seen", set({ generation: 0, status: { observedGeneration: 0 } }), "waits", "not seen"],
  ["a set updated by hand", set({ spec: { updateStrategy: { type: "OnDelete" } } }), "unknown", "OnDelete"],
  [
    "a daemon that is done",
    daemon({ status: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 } }),
    "healthy",
    "2 of 2 pods",
  ],
  [
    "a daemon that is not updated",
    daemon({ status: { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 } }),
    "waits",
    "updated 1 of 2",
  ],
  [
    "a daemon that is not available",
    daemon({ status: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 } }),
    "waits",
    "1 of 2 updated pods",
  ],
  ["a daemon updated by hand", daemon({ spec: { updateStrategy: { type: "OnDelete" } } }), "unknown", "OnDelete"],
])("%s", (_, given, state, seen) => {
  expect(judgeWorkload(object(given), wanted)).toMatchObject({
    state,
    seen: expect.stringContaining(seen),
    synced: true,
  });
  const before = judgeWorkload(object({ ...given, images: ["other:1"] }), undefined);
  expect(before.state).toBe(state === "failed" ? "waits" : state);
  expect(before.synced).toBeUndefined();
});

const { digest } = artifact.images.web!;
it.each<[string, Given, object]>([
  ["the digest", { images: [`${name}@${digest}`] }, { state: "healthy", synced: true }],
  ["the tag", { images: [`${name}:1.3`] }, { state: "healthy", synced: true }],
  ["another tag", { images: [`${name}:1.2`] }, { state: "waits", code: "health/not-synced" }],
  [
    "another tag, over its deadline",
    { images: [`${name}:1.2`], status: condition("ProgressDeadlineExceeded") },
    { state: "waits", code: "health/not-synced" },
  ],
  ["the tag with another digest", { images: [`${name}:1.3@sha256:${"0".repeat(64)}`] }, { state: "waits" }],
  ["other images beside", { images: ["envoy:1", ref] }, { state: "healthy" }],
  ["it before the others begin", { init: [ref], images: ["envoy:1"] }, { state: "healthy" }],
  ["none of it", { images: ["envoy:1"] }, { state: "unknown", code: "health/no-proof" }],
])("with %s", (_, given, said) => {
  const judged = judgeWorkload(object(given), wanted);
  expect(judged).toMatchObject(said);
  if (judged.state !== "healthy") expect(judged.synced).toBeUndefined();
});

import { z } from "zod";
import { checked, oneOrMore } from "../option.ts";
import { clashOfCluster, clusterFields } from "./cluster.ts";
import { imagesAmong } from "./images.ts";
import { failed, healthy, type Judged, unknown, type Wanted, waits } from "./judged.ts";

export const kubernetesOptions = checked(
  z
    .strictObject({
      kind: z.enum(["Deployment", "StatefulSet", "DaemonSet"]).describe("What it is. Default Deployment.").optional(),
      name: oneOrMore(z.string().min(1)).describe("Its name, or several, such as {{ app }}. All must be rolled out."),
      namespace: z.string().min(1).describe("The namespace that it is in, such as {{ env }}."),
      ...clusterFields,
    })
    .describe(
      "Workloads of a cluster, as kubectl rollout status sees them, such as { name: web, namespace: shop, kubectl: true }.",
    ),
  clashOfCluster,
);

export type KubernetesOptions = z.infer<typeof kubernetesOptions>;

const count = z.number().int().optional();
const containers = z.array(z.looseObject({ image: z.string().optional() })).nullish();

/** What is read of a Deployment, StatefulSet or DaemonSet (apps/v1). */
export const workload = z.looseObject({
  kind: z.enum(["Deployment", "StatefulSet", "DaemonSet"]),
  metadata: z.looseObject({ name: z.string(), generation: z.number().int().default(0) }),
  spec: z.looseObject({
    replicas: count,
    paused: z.boolean().optional(),
    updateStrategy: z
      .looseObject({ type: z.string().optional(), rollingUpdate: z.looseObject({ partition: count }).nullish() })
      .optional(),
    template: z.looseObject({ spec: z.looseObject({ containers, initContainers: containers }).optional() }),
  }),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      readyReplicas: count,
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
      conditions: z
        .array(z.looseObject({ type: z.string(), reason: z.string().optional(), message: z.string().optional() }))
        .nullish(),
    })
    .default({}),
});

export type Workload = z.output<typeof workload>;

/** Pure: whether a workload is rolled out, and with the artifact's images where a release is wanted. */
export function judgeWorkload(object: Workload, wanted: Wanted): Judged {
  const what = `${object.kind} ${object.metadata.name}`;
  if (wanted === undefined) return asWaiting(rollout(object, what));
  const { containers: main, initContainers } = object.spec.template.spec ?? {};
  const references = [...(main ?? []), ...(initContainers ?? [])].flatMap(({ image }) => image ?? []);
  switch (imagesAmong(references, wanted.images)) {
    case "none":
      return unknown(
        `${what} has none of the artifact's images: it runs ${references.join(", ") || "none"}`,
        "health/no-proof",
        "a workload that runs an image of the artifact",
      );
    case "other":
      return waits(`${what} does not have the release yet: it runs ${references.join(", ")}`, "health/not-synced");
    case "live":
      return { ...rollout(object, what), synced: true };
  }
}

/** Before a release nothing has failed for good: another one may repair it. */
const asWaiting = (judged: Judged): Judged =>
  judged.state === "failed" ? { ...judged, state: "waits", clearedBy: "a release that repairs it" } : judged;

/** As `kubectl rollout status` tells it (kubectl, pkg/polymorphichelpers/rollout_status.go). */
function rollout(object: Workload, what: string): Judged {
  const { metadata, status } = object;
  const progress = (seen: string) => waits(`${what} ${seen}`, "health/progressing");
  if ((status.observedGeneration ?? 0) < metadata.generation)
    return progress("was changed, and its controller has not seen it");
  switch (object.kind) {
    case "Deployment":
      return rolloutOfDeployment(object, what, progress);
    case "StatefulSet":
      return rolloutOfStatefulSet(object, what, progress);
    case "DaemonSet":
      return rolloutOfDaemonSet(object, what, progress);
  }
}

type Progress = (seen: string) => Judged;

function rolloutOfDeployment({ spec, status }: Workload, what: string, progress: Progress): Judged {
  const { replicas: wanted = 1 } = spec;
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
  const condition = status.conditions?.find(({ type }) => type === "Progressing");
  if (condition?.reason === "ProgressDeadlineExceeded") {
    return failed(`${what} exceeded its progress deadline: ${condition.message ?? "no message"}`);
  }
  const isPaused = spec.paused === true ? ", and is paused" : "";
  if (updated < wanted) return progress(`has updated ${updated} of ${wanted} replicas${isPaused}`);
  if (replicas > updated) return progress(`has ${replicas - updated} old replicas that have not ended${isPaused}`);
  if (available < updated) return progress(`has ${available} of ${updated} updated replicas available${isPaused}`);
  return healthy(`${what} is rolled out: ${available} of ${wanted} replicas are available`);
}

function rolloutOfStatefulSet({ spec, status }: Workload, what: string, progress: Progress): Judged {
  const { replicas: wanted = 1, updateStrategy } = spec;
  if ((updateStrategy?.type ?? "RollingUpdate") !== "RollingUpdate") return byHand(what, updateStrategy?.type);
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0, currentRevision, updateRevision } = status;
  if (!status.observedGeneration) return progress("was not seen by its controller yet");
  if (ready < wanted) return progress(`has ${ready} of ${wanted} replicas ready`);
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition > 0) {
    const parted = wanted - partition;
    if (updated < parted) return progress(`has updated ${updated} of ${parted} replicas of its partition`);
    return healthy(`${what} is rolled out in its partition: ${updated} of ${wanted} replicas are updated`);
  }
  if (updateRevision !== currentRevision) return progress(`has updated ${updated} of ${wanted} replicas`);
  return healthy(`${what} is rolled out: ${ready} of ${wanted} replicas are ready`);
}

function rolloutOfDaemonSet({ spec, status }: Workload, what: string, progress: Progress): Judged {
  const { type = "RollingUpdate" } = spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") return byHand(what, type);
  const {
    desiredNumberScheduled: wanted = 0,
    updatedNumberScheduled: updated = 0,
    numberAvailable: available = 0,
  } = status;
  if (updated < wanted) return progress(`has updated ${updated} of ${wanted} pods`);
  if (available < wanted) return progress(`has ${available} of ${wanted} updated pods available`);
  return healthy(`${what} is rolled out: ${available} of ${wanted} pods are available`);
}

const byHand = (what: string, type = "") =>
  unknown(
    `${what} is updated by ${type}, of which Kubernetes tells no rollout`,
    "health/strategy",
    "the strategy RollingUpdate",
  );

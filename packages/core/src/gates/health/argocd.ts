import { z } from "zod";
import { oneOrMore } from "../option.ts";
import { ca, retries, serverAddress, timeout, token } from "../outside/server.ts";
import { hasOthers, imagesAmong } from "./images.ts";
import { failed, healthy, type Judged, unknown, type Wanted, waits } from "./judged.ts";

export const argocdOptions = z
  .strictObject({
    url: serverAddress.describe("Where Argo CD is, such as https://argocd.example.com."),
    application: oneOrMore(z.string().min(1)).describe(
      "The application's name, or several, such as {{ app }}-{{ env }}. All must be healthy.",
    ),
    namespace: z
      .string()
      .min(1)
      .optional()
      .describe("The namespace that the applications are in, when it is not Argo CD's."),
    project: z
      .string()
      .min(1)
      .optional()
      .describe("The project of the applications: then Argo CD says of one that is missing that it is."),
    token,
    ca: ca.optional(),
    retries: retries.optional(),
    timeout: timeout.optional(),
  })
  .describe(
    "Applications of Argo CD, such as { url: https://argocd.example.com, application: web, token: { env: TOKEN } }.",
  );

export type ArgocdOptions = z.infer<typeof argocdOptions>;

const health = z.looseObject({ status: z.string().optional(), message: z.string().optional() });
const revised = { revision: z.string().optional(), revisions: z.array(z.string()).nullish() };

/** What is read of an Application, as Argo CD's API gives it (argoproj.io/v1alpha1). */
export const application = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    syncPolicy: z.looseObject({ automated: z.looseObject({ enabled: z.boolean().nullish() }).nullish() }).nullish(),
  }),
  operation: z.unknown().optional(),
  status: z
    .looseObject({
      sync: z.looseObject({ status: z.string().optional(), ...revised }).optional(),
      health: health.optional(),
      reconciledAt: z.string().nullish(),
      summary: z.looseObject({ images: z.array(z.string()).nullish() }).optional(),
      conditions: z.array(z.looseObject({ type: z.string(), message: z.string().optional() })).nullish(),
      resources: z
        .array(
          z.looseObject({ group: z.string().optional(), kind: z.string(), name: z.string(), health: health.nullish() }),
        )
        .nullish(),
      operationState: z
        .looseObject({
          phase: z.string(),
          message: z.string().optional(),
          finishedAt: z.string().nullish(),
          syncResult: z.looseObject(revised).nullish(),
        })
        .nullish(),
      sourceHydrator: z
        .looseObject({
          lastSuccessfulOperation: z
            .looseObject({ drySHA: z.string().optional(), hydratedSHA: z.string().optional() })
            .nullish(),
        })
        .optional(),
    })
    .default({}),
});

export type Application = z.output<typeof application>;

/** Whether revisions hold the release: what is compared, and what the last operation brought. Undefined: it cannot be told. */
export interface Contains {
  compared: boolean | undefined;
  operated: boolean | undefined;
}

type Revised = { revision?: string | undefined; revisions?: string[] | null | undefined };

/** The commits among them: that of a chart is its version, and that of an image its digest. */
export function commitsOf({ revision, revisions }: Revised, { status }: Application): string[] {
  const hydrated = status.sourceHydrator?.lastSuccessfulOperation;
  return [revision ?? "", ...(revisions ?? [])]
    .map((one) => (one === hydrated?.hydratedSHA ? (hydrated.drySHA ?? one) : one))
    .filter((one) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(one));
}

/** What Kubernetes and Argo Rollouts give up by themselves. Of all else Degraded passes: an autoscaler without numbers, a budget. */
const givesUp = (kind: string, group = "") =>
  (kind === "Deployment" && group === "apps") || (kind === "Rollout" && group === "argoproj.io");

/** Pure: what an Application says of itself, and of the release that is wanted. Its texts are short and without secrets. */
export function judgeApplication(app: Application, wanted: Wanted, contains: Contains): Judged {
  const { name } = app.metadata;
  const { sync, operationState: operation, conditions, summary } = app.status;
  const isSyncing = app.operation != null || ["Running", "Terminating"].includes(operation?.phase ?? "");
  const isSynced = sync?.status === "Synced";
  const why = (conditions ?? []).find(({ type }) => type.endsWith("Error"));
  const because = why === undefined ? "" : `: ${why.type}: ${why.message ?? "no message"}`;
  const hasFailed = operation?.phase === "Failed" || operation?.phase === "Error";
  const [running, own] = [summary?.images ?? [], wanted?.images ?? []];
  const images = imagesAmong(running, own);
  // At a commit without the release, beside another version: what a rollback goes back to has not ended yet.
  const isLeftover = contains.compared === false && hasOthers(running, own);
  const isAsBefore = imagesAmong(running, wanted?.imagesBefore ?? []) === "live";
  // Where no commit can be compared, that they run is all that anybody knows.
  const isLive = images === "live" && !isLeftover && (!isAsBefore || contains.compared === undefined);
  const hasSucceeded = operation?.phase === "Succeeded";
  const endedAt = Date.parse(operation?.finishedAt ?? "");
  const isDone = hasSucceeded && contains.operated === true;
  const isAtIt = isDone || (isSynced && contains.compared === true);
  const isReached = isLive || isAtIt;
  const isSyncedSince = hasSucceeded && endedAt >= (wanted?.releasedAt ?? 0);
  const synced: Partial<Judged> = wanted !== undefined && isReached ? { synced: true } : {};
  if (isSyncing) return waits(`${name} is syncing`, "health/syncing", synced);
  if (hasFailed && !isSynced) {
    const seen = `the sync of ${name} ended as ${operation?.phase}: ${operation?.message ?? "no message"}`;
    // Argo CD does not try the same commit again by itself.
    return wanted !== undefined && contains.operated === true
      ? failed(seen, synced)
      : waits(seen, "health/not-synced", synced);
  }
  if (sync?.status === undefined || sync.status === "Unknown") {
    return unknown(`Argo CD cannot compare ${name}${because}`, "health/unknown", "whoever repairs the application");
  }
  if (wanted !== undefined && !isReached) {
    if (contains.compared === undefined && images === "none") return unproven(name);
    return waits(`${name} does not have the release yet: it is ${stateOf(app)}`, "health/not-synced", byHand(app));
  }
  if (!isSynced && !(wanted !== undefined && (isDone || (isLive && isSyncedSince)))) {
    return waits(`${name} is ${stateOf(app)}`, "health/not-synced", { ...synced, ...byHand(app) });
  }
  // Syncing and looking at the health are two loops: what was seen before the sync ended is of what ran before.
  if (endedAt > Date.parse(app.status.reconciledAt ?? "")) {
    return waits(`Argo CD has not looked at the health of ${name} since its sync`, "health/progressing", synced);
  }
  const isItsOwn = isAtIt || (contains.compared === undefined && isSyncedSince);
  return { ...ofHealth(app, wanted !== undefined && isItsOwn), ...synced };
}

/** @param isOfRelease whether what is there came with the release, and nothing before it */
function ofHealth(app: Application, isOfRelease: boolean): Judged {
  const { name } = app.metadata;
  const { health: seen, resources } = app.status;
  const message = seen?.message === undefined || seen.message === "" ? "" : `: ${seen.message}`;
  switch (seen?.status) {
    case "Healthy":
      return healthy(`${name} is Healthy, and ${stateOf(app)}`);
    case "Degraded": {
      const bad = (resources ?? []).filter((one) => one.health?.status === "Degraded");
      const first = bad.find(({ kind, group }) => givesUp(kind, group)) ?? bad[0];
      const which =
        first === undefined ? message : `: ${first.kind} ${first.name}: ${first.health?.message ?? "no message"}`;
      const text = `${name} is Degraded${which}`;
      const isFinal = first !== undefined && givesUp(first.kind, first.group);
      return isOfRelease && isFinal ? failed(text) : waits(text, "health/degraded");
    }
    case "Suspended":
      return waits(`${name} is Suspended${message}`, "health/suspended", { clearedBy: "whoever resumes it" });
    case "Progressing":
    case "Missing":
      return waits(`${name} is ${seen.status}${message}`, "health/progressing");
    default:
      return unknown(
        `Argo CD does not know the health of ${name}${message}`,
        "health/unknown",
        "whoever repairs the application",
      );
  }
}

const unproven = (name: string) =>
  unknown(
    `${name} shows neither an image of the artifact nor a commit that can be compared`,
    "health/no-proof",
    "an application whose source is the config repository, or that runs an image of the artifact",
  );

function stateOf({ status: { sync } }: Application): string {
  const revision = sync?.revision || (sync?.revisions ?? []).join(" and ");
  return `${sync?.status ?? "Unknown"}${revision === "" || revision === undefined ? "" : ` at ${revision.slice(0, 40)}`}`;
}

/** What is not synced by Argo CD itself waits for somebody. */
function byHand({ spec, status }: Application): Partial<Judged> {
  const automated = spec.syncPolicy?.automated;
  const isAutomated = automated != null && automated.enabled !== false;
  if (status.sync?.status !== "OutOfSync" || isAutomated) return {};
  return { clearedBy: "somebody who syncs it: it does not sync by itself" };
}

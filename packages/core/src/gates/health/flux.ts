import { z } from "zod";
import type { Artifact } from "../../model/artifact.ts";
import { checked, oneOrMore } from "../option.ts";
import { clashOfCluster, clusterFields } from "./cluster.ts";
import { imagesAmong } from "./images.ts";
import { failed, healthy, type Judged, unknown, type Wanted, waits } from "./judged.ts";

export const fluxOptions = checked(
  z
    .strictObject({
      kind: z.enum(["Kustomization", "HelmRelease"]).describe("What it is. Default Kustomization.").optional(),
      name: oneOrMore(z.string().min(1)).describe("Its name, or several, such as {{ app }}. All must be ready."),
      namespace: z.string().min(1).optional().describe("The namespace that it is in. Default flux-system."),
      ...clusterFields,
    })
    .describe("Kustomizations or HelmReleases of Flux, such as { name: apps, kubectl: true }."),
  clashOfCluster,
);

export type FluxOptions = z.infer<typeof fluxOptions>;

const condition = z.looseObject({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string().default(""),
  message: z.string().default(""),
});

/** What is read of a Kustomization (kustomize.toolkit.fluxcd.io/v1) or HelmRelease (helm.toolkit.fluxcd.io/v2). */
export const fluxObject = z.looseObject({
  kind: z.enum(["Kustomization", "HelmRelease"]),
  metadata: z.looseObject({
    name: z.string(),
    generation: z.number().int().default(0),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.looseObject({ suspend: z.boolean().optional(), values: z.unknown().optional() }),
  status: z
    .looseObject({
      observedGeneration: z.number().int().optional(),
      conditions: z.array(condition).nullish(),
      lastAppliedRevision: z.string().optional(),
      lastAttemptedRevision: z.string().optional(),
      /** Of a source that is an OCI artifact: the revision of Git that it was made from. */
      lastAppliedOriginRevision: z.string().optional(),
      history: z
        .array(z.looseObject({ chartName: z.string().optional(), chartVersion: z.string().optional() }))
        .nullish(),
    })
    .default({}),
});

export type FluxObject = z.output<typeof fluxObject>;

/** Whether revisions hold the release; undefined: it cannot be told. */
export interface Contains {
  applied: boolean | undefined;
  attempted: boolean | undefined;
}

/** Pure: what a Kustomization or HelmRelease says of itself, and of the release that is wanted. */
export function judgeFlux(object: FluxObject, wanted: Wanted, contains: Contains): Judged {
  const what = `${object.kind} ${object.metadata.name}`;
  const { spec, status, metadata } = object;
  const conditionOf = (name: string) => (status.conditions ?? []).find(({ type }) => type === name);
  const [ready, stalled, reconciling] = [conditionOf("Ready"), conditionOf("Stalled"), conditionOf("Reconciling")];
  const isReady = ready?.status === "True";
  const isApplied = contains.applied === true;
  const isChecked = ready?.reason === "HealthCheckFailed" || /^Running health checks/.test(reconciling?.message ?? "");
  // A HelmRelease says what it has installed only when it is ready.
  const isThere = object.kind === "Kustomization" && (isApplied || (contains.attempted === true && isChecked));
  const synced: Partial<Judged> = wanted !== undefined && isThere ? { synced: true } : {};
  if (spec.suspend === true) {
    return waits(`${what} is suspended`, "health/suspended", { ...synced, clearedBy: "whoever resumes it" });
  }
  if ((status.observedGeneration ?? 0) < metadata.generation) {
    return waits(`${what} was changed, and Flux has not seen it`, "health/progressing");
  }
  if (stalled?.status === "True") {
    const seen = `${what} is stalled: ${stalled.reason}: ${stalled.message}`;
    return isApplied || contains.attempted === true ? failed(seen, synced) : waits(seen, "health/degraded");
  }
  if (wanted !== undefined && !isApplied) {
    if (contains.applied === undefined && contains.attempted !== true) return unproven(what, object);
    const more = isReady || ready === undefined ? "" : `: ${ready.reason}: ${ready.message}`;
    return waits(
      `${what} does not have the release yet: it is at ${revisionOf(object)}${more}`,
      "health/not-synced",
      synced,
    );
  }
  if (isReady) return healthy(`${what} is ready at ${revisionOf(object)}`);
  const why = ready === undefined ? "" : `: ${ready.reason}: ${ready.message}`;
  return waits(
    `${what} is not ready${why}`,
    ready?.status === "False" ? "health/degraded" : "health/progressing",
    synced,
  );
}

function revisionOf({ status }: FluxObject): string {
  const [newest] = status.history ?? [];
  if (newest?.chartVersion !== undefined) return `${newest.chartName ?? "chart"} ${newest.chartVersion}`;
  return status.lastAppliedRevision ?? "no revision";
}

const unproven = (what: string, { kind }: FluxObject) =>
  unknown(
    kind === "HelmRelease"
      ? `${what} has neither an image of the artifact in its values, nor its chart, nor is it applied by a Kustomization whose revision tells`
      : `${what} does not tell which commit it applied`,
    "health/no-proof",
    kind === "HelmRelease" ? "a health gate for what applies it" : "a source that is the config repository",
  );

/** The Kustomization that applied an object: its revision tells what the object is as of. */
export function appliedBy({ metadata: { labels } }: FluxObject): { name: string; namespace: string } | undefined {
  const [name, namespace] = ["name", "namespace"].map((key) => labels?.[`kustomize.toolkit.fluxcd.io/${key}`]);
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/**
 * Whether a HelmRelease itself shows the artifact: by an image in its values, or by the chart that it has installed. Undefined:
 * it says nothing of it.
 */
export function showsArtifact(
  { spec, status }: FluxObject,
  { images, vars }: Pick<Artifact, "images" | "vars">,
): boolean | undefined {
  const found = imagesAmong(referencesIn(spec.values), Object.values(images));
  if (found !== "none") return found === "live";
  const [newest] = status.history ?? [];
  if (vars.chart === undefined || vars.chartVersion === undefined || newest?.chartName !== vars.chart) return undefined;
  return newest.chartVersion === vars.chartVersion;
}

/** Texts of values that may name an image, and what charts put together: `repository` with `registry`, `tag` and `digest`. */
function referencesIn(values: unknown): string[] {
  if (typeof values === "string") return [values.startsWith("sha256:") ? `@${values}` : values];
  if (typeof values !== "object" || values === null) return [];
  const { registry, repository, tag, digest } = values as Record<string, unknown>;
  const joined =
    typeof repository === "string"
      ? [`${text(registry, "", "/")}${repository}${text(tag, ":")}${text(digest, "@")}`]
      : [];
  const rest = Object.entries(values).flatMap(([key, value]) =>
    joined.length > 0 && ["registry", "repository", "tag", "digest"].includes(key) ? [] : referencesIn(value),
  );
  return [...joined, ...rest];
}

const text = (value: unknown, before: string, after = ""): string =>
  (typeof value === "string" && value !== "") || typeof value === "number" ? `${before}${value}${after}` : "";

import type { GateSubject, Look } from "../gate.ts";
import { type ClusterOptions, nameFrom, readObject } from "./cluster.ts";
import {
  appliedBy,
  type Contains,
  type FluxObject,
  type FluxOptions,
  fluxObject,
  judgeFlux,
  showsArtifact,
} from "./flux.ts";
import { type Judged, waits } from "./judged.ts";
import { judgeWorkload, type KubernetesOptions, workload } from "./kubernetes.ts";
import { isInAny, read, wantedOf, withShortMessages } from "./reading.ts";

/** What a cluster says of one workload. @throws Unanswered, OutsideError */
export async function ofWorkload(
  template: string,
  options: KubernetesOptions,
  subject: GateSubject,
  look: Look,
): Promise<Judged> {
  const { kind = "Deployment" } = options;
  const [name, namespace] = [nameFrom(template, look), nameFrom(options.namespace, look)];
  const plural = `${kind.toLowerCase()}s`;
  const object = await readObject({ group: "apps", version: "v1", plural, namespace, name }, options, look);
  if (object === undefined) return absent(`${kind} ${name}`, namespace);
  const found = read(workload, typed(object, kind), `${kind} ${name}`);
  return judgeWorkload(withShortMessages(found, look.outside.redact), wantedOf(subject, look));
}

const apis = {
  Kustomization: { group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations" },
  HelmRelease: { group: "helm.toolkit.fluxcd.io", version: "v2", plural: "helmreleases" },
};

/** What Flux says of one of its objects. @throws Unanswered, OutsideError */
export async function ofFlux(
  template: string,
  options: FluxOptions,
  subject: GateSubject,
  look: Look,
): Promise<Judged> {
  const { kind = "Kustomization" } = options;
  const [name, namespace] = [nameFrom(template, look), nameFrom(options.namespace ?? "flux-system", look)];
  const found = await readFlux(kind, { name, namespace }, options, look);
  if (found === undefined) return absent(`${kind} ${name}`, namespace);
  const contains = await containsOf(found, subject, options, look);
  return judgeFlux(withShortMessages(found, look.outside.redact), wantedOf(subject, look), contains);
}

async function readFlux(
  kind: FluxObject["kind"],
  at: { name: string; namespace: string },
  cluster: ClusterOptions,
  look: Look,
): Promise<FluxObject | undefined> {
  const object = await readObject({ ...apis[kind], ...at }, cluster, look);
  return object === undefined ? undefined : read(fluxObject, typed(object, kind), `${kind} ${at.name}`);
}

/** Whether a release is in it: a Kustomization's revisions tell, and of a HelmRelease its values, its chart, or what applied it. */
async function containsOf(
  object: FluxObject,
  { intent }: GateSubject,
  cluster: ClusterOptions,
  look: Look,
): Promise<Contains> {
  const nothing = { applied: undefined, attempted: undefined };
  if (look.release === undefined) return nothing;
  if (object.kind === "Kustomization") return revisionsOf(object, look);
  const shown = showsArtifact(object, intent.artifact);
  const { before } = look.release;
  const isAsBefore = shown === true && before !== undefined && showsArtifact(object, before) === true;
  if (shown !== undefined && !isAsBefore) return { applied: shown, attempted: shown };
  const by = appliedBy(object);
  const owner = by === undefined ? undefined : await readFlux("Kustomization", by, cluster, look);
  const told = owner === undefined ? nothing : await revisionsOf(owner, look);
  // Where no commit can be compared, that it shows them is all that anybody knows.
  return told.applied === undefined && isAsBefore ? { applied: true, attempted: true } : told;
}

async function revisionsOf({ status }: FluxObject, look: Look): Promise<Contains> {
  const { lastAppliedRevision: applied, lastAttemptedRevision: attempted, lastAppliedOriginRevision: origin } = status;
  return {
    applied: await isInAny([applied ?? [], origin ?? []].flat(), look),
    attempted: await isInAny([attempted ?? []].flat(), look),
  };
}

/** An object may come without its kind: whoever asks for one knows it. */
const typed = (object: unknown, kind: string): unknown =>
  typeof object === "object" && object !== null ? { kind, ...object } : object;

const absent = (what: string, namespace: string): Judged =>
  waits(`there is no ${what} in ${namespace}`, "health/not-found", { clearedBy: "what deploys it" });

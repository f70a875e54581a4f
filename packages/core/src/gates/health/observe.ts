import { z } from "zod";
import type { GateSubject, Look } from "../gate.ts";
import { askServer } from "../outside/server.ts";
import { jsonOf, told } from "../outside/told.ts";
import { Unanswered } from "../outside/unanswered.ts";
import { type ArgocdOptions, application, commitsOf, judgeApplication } from "./argocd.ts";
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
import { type Judged, unknown, type Wanted, waits } from "./judged.ts";
import { judgeWorkload, type KubernetesOptions, workload } from "./kubernetes.ts";
import { judgeStatuses, type StatusOptions } from "./status.ts";

export interface HealthOptions {
  argocd?: ArgocdOptions | undefined;
  kubernetes?: KubernetesOptions | undefined;
  flux?: FluxOptions | undefined;
  status?: StatusOptions | undefined;
}

/** What the one that is asked says of each place. */
export function observeHealth(options: HealthOptions, subject: GateSubject, look: Look): Promise<Judged[]> {
  const { argocd, kubernetes, flux, status } = options;
  if (argocd !== undefined)
    return Promise.all([argocd.application].flat().map((name) => ofApplication(name, argocd, subject, look)));
  if (kubernetes !== undefined) {
    return Promise.all([kubernetes.name].flat().map((name) => ofWorkload(name, kubernetes, subject, look)));
  }
  if (flux !== undefined) return Promise.all([flux.name].flat().map((name) => ofFlux(name, flux, subject, look)));
  if (status !== undefined) return ofStatuses(status, subject, look).then((one) => [one]);
  throw new Error("a health gate asks nobody: the config should have been refused");
}

const wantedOf = ({ intent }: GateSubject, { release }: Look): Wanted =>
  release === undefined ? undefined : { images: Object.values(intent.artifact.images), releasedAt: release.releasedAt };

/** Whether the release is part of any of these; undefined where no one can be told to have or not to have it. */
async function isInAny(revisions: readonly string[], { release }: Look): Promise<boolean | undefined> {
  if (release === undefined) return undefined;
  const answers = await Promise.all(revisions.map((one) => release.isIn(one)));
  if (answers.includes(true)) return true;
  return answers.length > 0 && answers.every((one) => one === false) ? false : undefined;
}

/** Messages of others, wherever they stand in what was read: short, on one line and without secrets. */
function withShortMessages<T>(value: T, redact: (text: string) => string): T {
  const clean = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(clean);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [
        key,
        key === "message" && typeof inner === "string" ? told(inner, redact) : clean(inner),
      ]),
    );
  };
  return clean(value) as T;
}

/** @throws Unanswered `health/not-json`: what answers is something else */
function read<T extends z.ZodType>(schema: T, document: unknown, who: string): z.output<T> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
  throw new Unanswered("health/not-json", `${who} gave an answer that cannot be read${where}`, "another url");
}

async function ofApplication(
  template: string,
  options: ArgocdOptions,
  subject: GateSubject,
  look: Look,
): Promise<Judged> {
  const name = nameFrom(template, look);
  const query = new URLSearchParams({
    ...(options.namespace === undefined ? {} : { appNamespace: nameFrom(options.namespace, look) }),
    ...(options.project === undefined ? {} : { project: look.render(options.project) }),
  }).toString();
  const path = `/api/v1/applications/${name}${query === "" ? "" : `?${query}`}`;
  const { answer, shown } = await askServer("health", options, { path }, look);
  const document = jsonOf(answer.body);
  const { data: error } = z.looseObject({ message: z.string() }).safeParse(document);
  const says = `${shown} answers ${answer.status}${error === undefined ? "" : `: ${told(error.message, look.outside.redact)}`}`;
  switch (answer.status) {
    case 200:
      break;
    case 401:
      throw new Unanswered("health/denied", says, "a token that Argo CD takes: it may have expired");
    case 403: {
      const clearedBy = `a role with applications, get for ${name}; Argo CD says the same of one that is not there`;
      throw new Unanswered("health/denied", says, clearedBy);
    }
    case 404:
      throw new Unanswered("health/not-found", says, `an application of the name ${name}`);
    default:
      throw new Unanswered("health/status", says, "Argo CD, when the next run asks it");
  }
  const app = read(application, document, shown);
  const { status } = app;
  const contains = {
    compared: await isInAny(status.sync === undefined ? [] : commitsOf(status.sync, app), look),
    operated: await isInAny(commitsOf(status.operationState?.syncResult ?? {}, app), look),
  };
  const judged = judgeApplication(withShortMessages(app, look.outside.redact), wantedOf(subject, look), contains);
  const page = new URL(shown);
  page.pathname = page.pathname.replace(/\/api\/v1\/applications\/([^/]*)$/, "/applications/$1");
  return { url: page.href, ...judged };
}

async function ofWorkload(
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

async function ofFlux(template: string, options: FluxOptions, subject: GateSubject, look: Look): Promise<Judged> {
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
  if (shown !== undefined) return { applied: shown, attempted: shown };
  const by = appliedBy(object);
  const owner = by === undefined ? undefined : await readFlux("Kustomization", by, cluster, look);
  return owner === undefined ? nothing : revisionsOf(owner, look);
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
  waits(`there is no ${what} in ${namespace}`, "not-found", { clearedBy: "what deploys it" });

async function ofStatuses(options: StatusOptions, subject: GateSubject, look: Look): Promise<Judged> {
  const { release, tip } = look;
  const of = async (commit: typeof tip | undefined) =>
    commit === undefined ? undefined : await look.outside.checks.of(commit, look.signal);
  if (release === undefined) {
    return judgeStatuses({ own: undefined, newest: await of(tip), commit: tip.commit }, options, undefined);
  }
  const own = release.commit;
  const isLater = own?.commit !== tip.commit && (await release.isIn(tip.commit)) === true;
  if (own === undefined && !isLater) {
    return unknown("nobody knows which commit carries the release", "no-proof", "a history that has its commit");
  }
  const [mine, newest] = await Promise.all([of(own), isLater ? of(tip) : undefined]);
  return judgeStatuses({ own: mine, newest, commit: own?.commit ?? tip.commit }, options, wantedOf(subject, look));
}

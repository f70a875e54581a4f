import type { GateSubject, Look } from "../gate.ts";
import type { ArgocdOptions } from "./argocd.ts";
import type { FluxOptions } from "./flux.ts";
import { type Judged, unknown } from "./judged.ts";
import type { KubernetesOptions } from "./kubernetes.ts";
import { ofApplication } from "./of-argocd.ts";
import { ofFlux, ofWorkload } from "./of-cluster.ts";
import { wantedOf } from "./reading.ts";
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
    return unknown("nobody knows which commit carries the release", "health/no-proof", "a history that has its commit");
  }
  const [mine, newest] = await Promise.all([of(own), isLater ? of(tip) : undefined]);
  return judgeStatuses({ own: mine, newest, commit: own?.commit ?? tip.commit }, options, wantedOf(subject, look));
}

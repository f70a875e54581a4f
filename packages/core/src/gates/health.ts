import { z } from "zod";
import { type Check, defineGate, type FaultsWhere, type GateFault, met, type Unmet, unmet } from "./gate.ts";
import { argocdOptions } from "./health/argocd.ts";
import { fluxOptions } from "./health/flux.ts";
import type { Judged } from "./health/judged.ts";
import { kubernetesOptions } from "./health/kubernetes.ts";
import type { HealthOptions } from "./health/observe.ts";
import { statusOptions } from "./health/status.ts";
import { checked } from "./option.ts";
import { templatesIn } from "./outside/address.ts";
import { textsOf } from "./outside/given.ts";
import { faultsInAddress, limitOf, openSecret } from "./outside/server.ts";
import { withGrace } from "./outside/time-limit.ts";
import { answered, heldFor, type Silence } from "./outside/unanswered.ts";

const options = checked(
  z
    .strictObject({
      argocd: checked(argocdOptions, openSecret).optional(),
      kubernetes: kubernetesOptions.optional(),
      flux: fluxOptions.optional(),
      status: statusOptions.optional(),
    })
    .describe("That the app is healthy where it runs, as one of these says: argocd, kubernetes, flux or status.")
    .meta({ minProperties: 1, maxProperties: 1 }),
  (asked) => {
    if (Object.values(asked).filter((one) => one !== undefined).length === 1) return undefined;
    const fix = "Write one of argocd, kubernetes, flux and status; another one is a gate of its own.";
    return { code: "config/value", message: "must have exactly one that is asked", fix };
  },
);

interface Seen {
  kind: "seen";
  places: readonly Judged[];
}

/**
 * The app is healthy where it runs: of a release that is verified, with that release. Before one, whatever runs there. What
 * does not pass by itself, as far as anybody can know, fails the release; all else is asked again.
 */
export const health = defineGate<HealthOptions, Seen | Silence>({
  name: "health",
  options,
  outcome: "held",
  observes: "outside",
  verifies: true,
  asks: "templates",
  ofTip: ({ status }) => status !== undefined,
  asksByProgram: (asked) => kubectlOf(asked) !== undefined,
  templates: templatesOf,
  faultsIn,
  timeLimit: (asked) => withGrace(2 * limitOf(asked.argocd ?? asked.kubernetes ?? asked.flux ?? {})),
  observe: (subject, _state, asked, look) =>
    answered("health/template", async () => {
      const { observeHealth } = await import("./health/observe.ts");
      return { kind: "seen", places: await observeHealth(asked, subject, look) };
    }),
  check: (seen): Check => {
    if (seen.kind === "unanswered") return heldFor(seen);
    const { places } = seen;
    const linked = places.find(({ url }) => url !== undefined)?.url;
    for (const state of ["failed", "unknown", "waits"] as const) {
      const bad = places.filter((one) => one.state === state);
      const [first] = bad;
      if (first === undefined) continue;
      return unmet(bad.map(({ seen: text }) => text).join("; "), reasonOf(first, places, first.url ?? linked));
    }
    return met(places.map(({ seen: text }) => text).join("; "), linked === undefined ? {} : { url: linked });
  },
});

function reasonOf({ state, code, clearedBy }: Judged, places: readonly Judged[], url: string | undefined): Unmet {
  const isSynced = places.every((one) => one.state === "healthy" || one.synced === true) && state !== "unknown";
  const why: Unmet = {
    outcome: state === "failed" ? "refused" : "held",
    clearedBy: clearedBy ?? "the cluster, when the next run asks it",
  };
  if (code !== undefined) why.code = code;
  if (url !== undefined) why.url = url;
  if (state === "unknown") why.unknown = true;
  if (isSynced && places.some((one) => one.synced === true)) why.synced = true;
  return why;
}

const kubectlOf = ({ kubernetes, flux }: HealthOptions) => kubernetes?.kubectl ?? flux?.kubectl;

function templatesOf({ argocd, kubernetes, flux }: HealthOptions): string[] {
  const cluster = kubernetes ?? flux;
  const { variables = {} } = typeof cluster?.kubectl === "object" ? cluster.kubectl : {};
  return [
    ...templatesIn(argocd?.url ?? cluster?.url ?? ""),
    ...[argocd?.application ?? cluster?.name ?? []].flat(),
    ...[argocd?.namespace ?? [], argocd?.project ?? [], cluster?.namespace ?? []].flat(),
    ...textsOf({ ...variables, ...(argocd?.ca === undefined ? {} : { ca: argocd.ca }) }),
    ...textsOf(cluster?.ca === undefined ? {} : { ca: cluster.ca }),
  ];
}

function faultsIn({ argocd, kubernetes, flux }: HealthOptions, _where: FaultsWhere): GateFault[] {
  const url = argocd?.url ?? kubernetes?.url ?? flux?.url;
  return url === undefined ? [] : faultsInAddress(url);
}

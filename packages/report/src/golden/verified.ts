// A reconciliation that looked at releases, for the golden files. Test support.
import { type AppName, type EnvName, type Release, timestamp, type Verified } from "@glu/core";
import type { PromotionReport } from "../report.ts";
import { base, reconciled } from "./promotions.ts";
import { ago, backend, commit, frontend, hex, met, now, release, worker } from "./parts.ts";
import { rolledBack } from "./rollbacks.ts";

const one = (
  app: string,
  release: Release,
  more: Pick<Verified, "seen" | "isNews" | "gates"> & Partial<Verified>,
): Verified => ({
  app: app as AppName,
  environment: "production" as EnvName,
  release,
  previous: undefined,
  commit,
  until: undefined,
  ...more,
});

const broken = { name: "prometheus", met: false, outcome: "refused", code: "prometheus/above", seen: "5.2 is above 1 for 3m of 5m", url: "https://github.com/acme/deployments/actions/runs/1" } as const;
const coming = { name: "health", met: false, outcome: "held", code: "health/progressing", seen: "frontend-production is Progressing" } as const;
const failure = { at: ago(0), seen: "prometheus: 5.2 is above 1 for 3m of 5m" };

export const verified: PromotionReport = {
  ...base,
  result: "failed",
  reconciled: reconciled.reconciled,
  commit,
  earlierCommits: [hex("earlier", 40) as never],
  decisions: rolledBack.decisions,
  pipeline: rolledBack.pipeline,
  verified: [
    one("backend", release(backend.now, 30, { state: "healthy", verifiedAt: ago(0) }), {
      seen: "health: backend-production is Healthy",
      isNews: true,
      gates: [met("health", "backend-production is Healthy, with 1 of 1 images")],
    }),
    one("frontend", release(frontend.now, 60, { state: "failed", verification: failure }), {
      seen: failure.seen,
      isNews: true,
      gates: [met("health", "frontend-production is Healthy"), broken],
    }),
    one("worker", release(worker.old, 4, { state: "synced" }), {
      seen: "health: frontend-production is Progressing",
      isNews: false,
      until: timestamp(now + 11 * 60_000),
      gates: [coming],
    }),
  ],
};

// What `glu diff` tells, for the golden files. Test support.
import type { AppComparison, AppName, EnvName, Sha } from "@glu/core";
import type { ComparisonReport } from "../report.ts";
import { ago, backend, change, commit, frontend, hex, links, now, release, worker } from "./parts.ts";

const at = (environment: string) => ({ path: `apps/backend/${environment}/values.yaml`, selector: "replicas" });
const nothing = { order: undefined, source: undefined, values: [], files: [] };

const apps: AppComparison[] = [
  {
    app: "backend" as AppName,
    left: release(backend.next, 12, { state: "failed" }),
    right: release(backend.now, 40, { kind: "override", reason: "incident 42" }),
    order: { kind: "newer", by: "semver" },
    source: {
      app: "backend" as AppName,
      from: backend.now,
      to: backend.next,
      commits: [
        { sha: hex("s1", 40), subject: "Answer faster", author: "Release Author", committedAt: ago(20) },
        { sha: hex("s2", 40), subject: "Retry once", author: undefined, committedAt: undefined },
      ],
      left: 3,
      known: "artifacts",
    },
    values: [
      { left: { ...at("staging"), value: "1" }, right: { ...at("production"), value: "3" } },
      { left: { ...at("staging"), selector: "debug", value: "true" }, right: undefined },
    ],
    files: [change(backend.now, backend.next, "staging")],
  },
  { ...nothing, app: "frontend" as AppName, left: release(frontend.now, 100), right: release(frontend.now, 90), order: { kind: "same", by: "digest" } },
  { ...nothing, app: "worker" as AppName, left: undefined, right: release(worker.now, 400) },
];

export const comparison: ComparisonReport = {
  kind: "comparison",
  configLocation: "acme/deployments",
  left: {
    revision: { environment: "staging" as EnvName, at: { kind: "now" }, text: "staging" },
    commit,
    committedAt: ago(12),
  },
  right: {
    revision: { environment: "production" as EnvName, at: { kind: "time", time: now - 1_800_000 }, text: "production@30m" },
    commit: hex("then", 40) as Sha,
    committedAt: ago(40),
  },
  apps,
  links,
  now,
  notices: [],
  cost: { way: "wire", requests: 4, bytesReceived: 20_480, milliseconds: 310 },
};

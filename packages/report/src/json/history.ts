import type { HistoryReport } from "../report.ts";
import type { Json } from "./json.ts";
import { madeAt } from "./pipeline.ts";
import { costJson, releaseJson } from "./release.ts";

/** `glu.history.v1`, newest first. */
export function historyJson(report: HistoryReport): { [name: string]: Json } {
  return {
    schema: "glu.history.v1",
    result: "ok",
    app: report.app,
    environment: report.environment ?? null,
    repository: report.configLocation,
    branch: report.branch,
    at: madeAt(report.now),
    entries: report.entries.map(({ environment, release, commit, current, rejected }) => ({
      environment,
      current,
      commit: commit ?? null,
      release: releaseJson(release),
      rejected:
        rejected === undefined
          ? null
          : { reason: rejected.reason, actor: { name: rejected.actor.name, verified: rejected.actor.verified } },
    })),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

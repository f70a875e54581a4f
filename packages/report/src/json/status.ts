import type { StatusReport } from "../report.ts";
import type { Json } from "./json.ts";
import { madeAt, pipelineJson } from "./pipeline.ts";
import { costJson } from "./release.ts";

/** `glu.status.v1` */
export function statusJson(report: StatusReport): { [name: string]: Json } {
  return {
    schema: "glu.status.v1",
    result: "ok",
    repository: report.configLocation,
    branch: report.branch,
    commit: report.commit ?? null,
    at: madeAt(report.now),
    pipeline: pipelineJson(report.pipeline),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

import type { GraphReport } from "../report.ts";
import { type Json, plain } from "./json.ts";
import { madeAt, runningJson } from "./pipeline.ts";
import { costJson } from "./release.ts";

/** `glu.graph.v1`. `running` is null where nobody asked. */
export function graphJson(report: GraphReport): { [name: string]: Json } {
  return {
    schema: "glu.graph.v1",
    result: "ok",
    repository: report.configLocation,
    branch: report.branch,
    at: madeAt(report.now),
    environments: report.environments.map(({ name, tier, from, auto, policy, accept, gates, verify }) => ({
      name,
      tier: tier ?? null,
      from: from === undefined ? null : { mode: from.mode, environments: [...from.environments] },
      auto: auto ?? null,
      policy: plain(policy),
      accept: plain(accept),
      gates: gates.map((gate) => gate.name),
      verify:
        verify === undefined
          ? null
          : { gates: verify.gates.map((gate) => gate.name), within: verify.within / 1000, onFailure: verify.onFailure },
      apps: report.apps.filter(({ environments }) => environments.includes(name)).map((app) => app.name),
    })),
    running: report.running === undefined ? null : report.running.map(runningJson),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

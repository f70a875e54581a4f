import { type AppComparison, isDifferent } from "@glu/core";
import { standing } from "../describe/comparison.ts";
import { diffFile } from "../diff/file-diff.ts";
import type { ComparisonReport } from "../report.ts";
import type { Json } from "./json.ts";
import { plain } from "./json.ts";
import { madeAt } from "./pipeline.ts";
import { costJson, releaseJson } from "./release.ts";
import { sourceChangeJson } from "./source.ts";

/** `glu.diff.v1` */
export function comparisonJson(report: ComparisonReport): { [name: string]: Json } {
  return {
    schema: "glu.diff.v1",
    result: report.apps.some(isDifferent) ? "different" : "same",
    repository: report.configLocation,
    at: madeAt(report.now),
    left: sideJson(report.left),
    right: sideJson(report.right),
    apps: report.apps.map((app) => appJson(app, report)),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

function sideJson({ revision, commit, committedAt }: ComparisonReport["left"]): Json {
  return { environment: revision.environment, revision: revision.text, commit, committedAt };
}

function appJson(one: AppComparison, { links }: ComparisonReport): Json {
  return {
    app: one.app,
    different: isDifferent(one),
    standing: standing(one),
    by: one.order !== undefined && "by" in one.order ? one.order.by : null,
    left: releaseJson(one.left),
    right: releaseJson(one.right),
    commits: sourceChangeJson(one.source, links),
    values: one.values.map(({ left, right }) => ({ left: plain(left), right: plain(right) })),
    files: one.files.map((file) => {
      const { path, kind, added, removed, lines } = diffFile(file);
      return { path, kind, added, removed, diff: lines.length === 0 ? null : `${lines.join("\n")}\n` };
    }),
  };
}

import type { HistoryEntry, Release } from "@glu/core";
import type { HistoryReport } from "../report.ts";
import { versionOf } from "../version.ts";
import type { Json } from "./json.ts";
import { madeAt } from "./pipeline.ts";
import { costJson, releaseJson } from "./release.ts";

/** `glu.history.v1`, newest first. */
export function historyJson(report: HistoryReport): { [name: string]: Json } {
  return {
    schema: "glu.history.v1",
    result: "ok",
    app: report.app ?? null,
    environment: report.environment ?? null,
    repository: report.configLocation,
    branch: report.branch,
    at: madeAt(report.now),
    entries: report.entries.map((entry) => entryJson(entry, report)),
    more: report.more,
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

function entryJson(entry: HistoryEntry, { links }: HistoryReport): Json {
  const { app, environment, release, commit, marks, rolledBack, overrides, removed, rejected } = entry;
  return {
    app,
    environment,
    current: marks.includes("current"),
    marks,
    commit: commit ?? null,
    url: commit === undefined ? null : (links.commit?.(commit) ?? null),
    release: releaseJson(release),
    rolledBack: rolledBack === undefined ? null : byJson(rolledBack),
    overrides,
    superseded: release.superseded,
    removed:
      removed === undefined
        ? null
        : {
            request: removed.request,
            actor: { name: removed.actor.name, verified: removed.actor.verified },
            reason: removed.reason ?? null,
            at: removed.at,
          },
    rejected:
      rejected === undefined
        ? null
        : { reason: rejected.reason, actor: { name: rejected.actor.name, verified: rejected.actor.verified } },
  };
}

/** The rollback that undid a release. */
function byJson({ request, artifact, actor, reason, decidedAt, releasedAt }: Release): Json {
  return {
    request,
    to: { id: artifact.id, version: versionOf(artifact) },
    actor: { name: actor.name, verified: actor.verified },
    reason: reason ?? null,
    at: releasedAt ?? decidedAt,
  };
}

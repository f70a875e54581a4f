import { type Announced, type Decision, type GateResult, type Verified, whyDiscovered } from "@glu/core";
import { headline } from "../describe/headline.ts";
import { diffFile } from "../diff/file-diff.ts";
import { safeUrl } from "../escape/url.ts";
import type { PromotionReport } from "../report.ts";
import type { Json } from "./json.ts";
import { holdJson, madeAt, pipelineJson } from "./pipeline.ts";
import { artifactSummary, costJson, overrideJson, releaseJson } from "./release.ts";
import { sourceJson } from "./source.ts";

/** `glu.promotion.v1` */
export function promotionJson(report: PromotionReport): { [name: string]: Json } {
  return {
    schema: "glu.promotion.v1",
    result: report.result,
    headline: headline(report).text,
    plan: report.plan,
    advisory: report.advisory !== undefined,
    request: report.request,
    repository: report.configLocation,
    branch: report.branch,
    commit: commitOf(report) ?? null,
    commits: commitsOf(report),
    at: madeAt(report.now),
    decisions: report.decisions.map((one) => decisionJson(one, report)),
    passedOver: report.passedOver.map(({ app, environment, artifact, reason }) => ({
      app,
      environment,
      artifact: artifact ?? null,
      reason,
    })),
    ...(report.verified === undefined ? {} : { verified: report.verified.map(verifiedJson) }),
    undecided: report.undecided.map(({ app, environment, error: { code, message, fix } }) => ({
      app,
      environment,
      code,
      message,
      fix: fix ?? null,
    })),
    reconciled: reconciledJson(report),
    pipeline: pipelineJson(report.pipeline),
    ...(report.told === undefined ? {} : { told: toldJson(report.told) }),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

const verifiedJson = ({ app, environment, release, gates, seen, until, isNews }: Verified): Json => ({
  app,
  environment,
  release: releaseJson(release),
  seen,
  until: until ?? null,
  isNews,
  gates: gates.map(gateJson),
});

const toldJson = ({ told, warnings }: Announced): Json => ({
  told: told.map(({ what, url }) => ({ what, url: safeUrl(url) ?? null })),
  warnings,
});

function reconciledJson({ reconciled }: PromotionReport): Json {
  if (reconciled === undefined) return null;
  if ("quietUntil" in reconciled) {
    const { quietUntil, told } = reconciled;
    return {
      quietUntil,
      lookedAt: told.at,
      looked: { ...told.looked },
      counts: { ...told.counts },
      waiting: told.waiting.map(({ app, environment, gates }) => ({
        app,
        environment,
        gates: gates.map(({ name, clearsAt }) => ({ name, clearsAt: clearsAt ?? null })),
      })),
      next: told.next ?? null,
    };
  }
  const { looked, discovered, drifted, lapsed, next } = reconciled;
  return {
    looked: { ...looked },
    discovered: discovered.map((one) => ({
      app: one.app,
      source: one.source,
      result: one.result,
      version: "version" in one ? one.version : null,
      artifact: "artifact" in one ? one.artifact.id : null,
      error: one.result === "failed" ? one.error.message : null,
      code: one.result === "failed" ? one.error.code : null,
      why: whyDiscovered(one) ?? null,
    })),
    drifted: drifted.map((one) => ({ ...one, found: one.found ?? null })),
    lapsed: {
      pins: lapsed.pins.map(({ app, environment, until }) => ({ app, environment, until: until ?? null })),
      freezes: lapsed.freezes.map(({ scope, until }) => ({ scope, until: until ?? null })),
    },
    next: next ?? null,
  };
}

/** All that this run made, in the order of the branch. */
function commitsOf({
  commit,
  earlierCommits = [],
  commitsElsewhere = [],
  configLocation,
  branch,
}: PromotionReport): Json {
  const own = [...earlierCommits].reverse().concat(commit ?? []);
  return [
    ...own.map((one) => ({ repository: configLocation, branch, commit: one })),
    ...[...commitsElsewhere]
      .reverse()
      .map((one) => ({ repository: one.location, branch: one.branch, commit: one.commit })),
  ];
}

/** The commit of this run, also in another repository or branch; else the one that the same request had made before. */
function commitOf({ commit, commitsElsewhere = [], decisions }: PromotionReport): string | undefined {
  return commit ?? commitsElsewhere[0]?.commit ?? decisions.find((one) => one.commit !== undefined)?.commit;
}

/** @param report what knows of the source commits and their addresses */
export function decisionJson(decision: Decision, report?: Pick<PromotionReport, "sources" | "links">): Json {
  const { intent } = decision;
  return {
    app: intent.app,
    environment: intent.environment,
    result: decision.result,
    reason: decision.reason,
    explicit: intent.explicit,
    repeated: decision.repeated,
    request: intent.request,
    artifact: artifactSummary(intent.artifact),
    commit: decision.commit ?? null,
    proposal: decision.proposal ?? null,
    previous: releaseJson(decision.previous),
    ...(intent.rollback === undefined
      ? {}
      : { rollback: { undoes: intent.rollback.undoes.map(releaseJson), pin: holdJson(decision.pin) } }),
    release: releaseJson(decision.release),
    gates: decision.gates.map(gateJson),
    source: report === undefined ? null : sourceJson(decision, report),
    changes: decision.changes.map((change) => {
      const { path, kind, content, added, removed, lines, sizes } = diffFile(change);
      return {
        path,
        kind,
        content,
        added,
        removed,
        bytesBefore: sizes.before,
        bytesAfter: sizes.after,
        diff: content === "text" ? `${lines.join("\n")}\n` : null,
      };
    }),
  };
}

function gateJson(gate: GateResult): Json {
  return {
    name: gate.name,
    met: gate.met,
    outcome: gate.outcome,
    seen: gate.seen,
    code: gate.code ?? null,
    since: gate.since ?? null,
    clearedBy: gate.clearedBy ?? null,
    clearsAt: gate.clearsAt ?? null,
    ...(gate.output === undefined ? {} : { output: gate.output }),
    url: safeUrl(gate.url) ?? null,
    ...(gate.override === undefined ? {} : { override: overrideJson(gate.override) }),
  };
}

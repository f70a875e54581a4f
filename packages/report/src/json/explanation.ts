import type { Explained } from "@glu/core";
import { explanationHeadline } from "../describe/explanation-headline.ts";
import { hereOf } from "../describe/explanation-place.ts";
import type { ExplanationReport } from "../report.ts";
import type { Json } from "./json.ts";
import { holdJson, madeAt, pipelineJson } from "./pipeline.ts";
import { decisionJson } from "./promotion.ts";
import { artifactSummary, costJson, releaseJson } from "./release.ts";

/** `glu.explanation.v1` */
export function explanationJson(report: ExplanationReport): { [name: string]: Json } {
  const here = hereOf(report);
  return {
    schema: "glu.explanation.v1",
    result: report.result,
    headline: explanationHeadline(report).text,
    app: report.app,
    environment: report.environment,
    repository: report.configLocation,
    branch: report.branch,
    at: madeAt(report.now),
    running: releaseJson(here?.release),
    pin: holdJson(here?.pin),
    freeze: holdJson(here?.freeze),
    next: report.next ?? null,
    newest: report.newest ?? null,
    starts: report.starts ?? null,
    none: report.none ?? null,
    artifacts: report.artifacts.map(explainedJson),
    left: report.left,
    pipeline: pipelineJson(report.pipeline),
    notices: [...report.notices],
    cost: costJson(report.cost),
  };
}

function explainedJson({ artifact, environment, passages, onlyByRequest, decision, upstream }: Explained): Json {
  return {
    artifact: artifactSummary(artifact),
    environment,
    passages: passages.map(({ releasedAt, ...passage }) => ({ ...passage, releasedAt: releasedAt ?? null })),
    onlyByRequest: onlyByRequest ?? null,
    decision: decisionJson(decision),
    upstream: upstream.map(explainedJson),
  };
}

import {
  type ConfigRepository,
  type DownResult,
  expiryOf,
  type Preview,
  type PreviewRequest,
  previewKey,
  timestamp,
  type UpResult,
} from "@glu/core";
import type { Cell } from "@glu/report";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import type { AfterUp } from "./preview-after-up.ts";

interface Asked extends PreviewRequest {
  /** The job's event asked for it, and nobody by name. */
  isOfEvent: boolean;
  /** What could not be done after the commit, which stands. */
  degraded: readonly string[];
}

interface AskedUp extends Asked, AfterUp {}

/** What an event may meet without anybody's fault: another one was first, or a maintainer has yet to look. */
const ordinary = new Set([
  ...["preview/closed", "preview/gone", "preview/overtaken", "preview/open", "preview/not-trusted"],
]);

function exitCodeOf(refusal: { code: string } | undefined, { isOfEvent }: Asked): number {
  return refusal === undefined || (isOfEvent && ordinary.has(refusal.code)) ? 0 : 3;
}

/** One line each; null: all was done. */
export const degradedText = (degraded: readonly string[]): string | null =>
  degraded.length === 0 ? null : degraded.join("\n");

export const placeOf = ({ app, number }: { app: string; number: number }): string => `${app} ${previewKey(number)}`;

export const previewData = (one: Preview) => ({
  ...{ app: one.app, number: one.number, head: one.head, namespace: one.namespace },
  ...{
    host: one.host ?? null,
    url: one.url ?? null,
    health: one.health ?? null,
    links: one.links ?? {},
    clock: one.clock,
    createdAt: one.createdAt,
  },
  ...{ expiresAt: timestamp(expiryOf(one).at), author: one.author ?? null, images: one.images },
});

export function dataOf(
  { app, number }: PreviewRequest,
  { commit, preview }: { commit: string | undefined; preview: Preview | undefined },
  { surroundings }: Connected,
  location: string,
) {
  const url = commit === undefined ? undefined : linksOf(location, surroundings).commit?.(commit);
  return {
    ...{ app, number, commit: commit ?? null, "commit-url": url ?? null },
    preview: preview === undefined ? null : previewData(preview),
  };
}

/** What is there, where, and until when. */
export function tableOf(previews: readonly Preview[], now: number): { columns: string[]; rows: Cell[][] } {
  return {
    columns: ["Preview", "Commit", "Address", "Last event", "Until"],
    rows: previews.map((one) => [
      placeOf(one),
      one.head.slice(0, 7),
      one.url === undefined ? "–" : { kind: "link", text: one.host ?? one.url, href: one.url },
      one.clock,
      expiryText(one, now),
    ]),
  };
}

function expiryText(one: Preview, now: number): string {
  const { at, because } = expiryOf(one);
  const when = timestamp(at);
  return at > now ? when : `${when}, passed (${because}): the next sweep takes it down`;
}

export function upOutcome(
  result: UpResult,
  request: AskedUp,
  repository: Pick<ConfigRepository, "location" | "cost">,
  connected: Connected,
): Outcome {
  const { state, refusal, preview, evicted, changes } = result;
  const place = placeOf(request);
  const is = {
    created: request.plan ? "would be made" : "is up",
    updated: request.plan ? "would be brought up to date" : "is up to date",
    unchanged: "was up to date already",
    refused: `is not brought up: ${refusal?.seen ?? ""}`,
  }[state];
  // As for a promotion that is not verified in time: it stands, and whoever waited is told that it is not there.
  const exitCode = request.health === "unhealthy" ? 3 : exitCodeOf(refusal, request);
  const shown = page(
    {
      schema: "glu.preview-change.v1",
      result: request.plan && state !== "refused" ? "planned" : state,
      tone: exitCode !== 0 ? "error" : state === "refused" ? "note" : "ok",
      headline: `the preview of ${place} ${is}${healthText(request)}`,
      ...(preview === undefined ? { columns: [], rows: [] } : tableOf([preview], connected.surroundings.clock.now())),
      files: changes,
      data: {
        ...dataOf(request, result, connected, repository.location),
        state,
        refusal: refusal ?? null,
        health: request.health,
        degraded: degradedText(request.degraded),
        evicted: evicted.map(previewData),
      },
      cost: costOf(repository.cost(), connected.surroundings),
    },
    exitCode,
  );
  const notices = [
    ...(refusal === undefined ? [] : [`${refusal.code}: ${refusal.fix}`]),
    ...evicted.map((one) => `The preview of ${placeOf(one)} was idle longest and goes for it.`),
  ];
  const outputs = {
    ...outputsOf(result, result.preview, request),
    ...{ health: request.health, evicted: evicted.map(placeOf).join(",") },
  };
  return { ...shown, notices, outputs };
}

function healthText({ health, seen }: AskedUp): string {
  if (health === "unknown") return "";
  return health === "healthy" ? " and healthy" : `, and not healthy: ${seen}`;
}

/** The same words as in the JSON. @param preview the one that is there afterwards */
function outputsOf(
  { state, refusal, commit }: Pick<UpResult | DownResult, "state" | "refusal" | "commit">,
  preview: Preview | undefined,
  { plan, degraded }: Asked,
): Record<string, string> {
  return {
    result: plan && state !== "refused" ? "planned" : state,
    ...{ state, reason: refusal?.code ?? "", commit: commit ?? "", degraded: degraded.join("\n") },
    ...{ url: preview?.url ?? "", host: preview?.host ?? "", namespace: preview?.namespace ?? "" },
    "expires-at": preview === undefined ? "" : timestamp(expiryOf(preview).at),
  };
}

export function downOutcome(
  result: DownResult,
  request: Asked,
  repository: Pick<ConfigRepository, "location" | "cost">,
  connected: Connected,
): Outcome {
  const { state, refusal, changes } = result;
  const place = placeOf(request);
  const is = {
    removed: request.plan ? "would be taken down" : "is taken down",
    closed: request.plan ? "would be closed: there is none" : "is closed: there was none",
    unchanged: "was closed before",
    refused: `stays: ${refusal?.seen ?? ""}`,
  }[state];
  const shown = page(
    {
      schema: "glu.preview-change.v1",
      result: request.plan && state !== "refused" ? "planned" : state,
      tone: state !== "refused" ? "ok" : exitCodeOf(refusal, request) === 0 ? "note" : "error",
      headline: `the preview of ${place} ${is}`,
      columns: [],
      rows: [],
      files: changes,
      data: {
        ...dataOf(request, result, connected, repository.location),
        state,
        refusal: refusal ?? null,
        degraded: degradedText(request.degraded),
      },
      cost: costOf(repository.cost(), connected.surroundings),
    },
    exitCodeOf(refusal, request),
  );
  const stays = state === "refused" || request.plan ? result.preview : undefined;
  const notices = refusal === undefined ? [] : [`${refusal.code}: ${refusal.fix}`];
  return { ...shown, notices, outputs: outputsOf(result, stays, request) };
}

import {
  type DownResult,
  expiryOf,
  type Preview,
  type PreviewRequest,
  previewKey,
  timestamp,
  type UpResult,
} from "@glu/core";
import { linksOf } from "../links.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";

export const placeOf = ({ app, number }: { app: string; number: number }): string => `${app} ${previewKey(number)}`;

export const previewData = (one: Preview) => ({
  ...{ app: one.app, number: one.number, head: one.head, namespace: one.namespace },
  ...{ host: one.host ?? null, url: one.url ?? null, clock: one.clock, createdAt: one.createdAt },
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

export function expiryText(one: Preview, now: number): string {
  const { at, because } = expiryOf(one);
  const when = timestamp(at);
  return at > now ? when : `${when}, passed (${because}): the next sweep takes it down`;
}

export function upOutcome(result: UpResult, request: PreviewRequest, location: string, connected: Connected): Outcome {
  const { state, refusal, preview, evicted, changes } = result;
  const place = placeOf(request);
  const is = {
    created: request.plan ? "would be made" : "is up",
    updated: request.plan ? "would be brought up to date" : "is up to date",
    unchanged: "was up to date already",
    refused: `is not brought up: ${refusal?.seen ?? ""}`,
  }[state];
  const at = preview?.url === undefined || state === "refused" ? "" : `: ${preview.url}`;
  const shown = page(
    {
      schema: "glu.preview-change.v1",
      result: request.plan && state !== "refused" ? "planned" : state,
      tone: state === "refused" ? "error" : "ok",
      headline: `the preview of ${place} ${is}${at}`,
      columns: [],
      rows: [],
      files: changes,
      data: {
        ...dataOf(request, result, connected, location),
        state,
        refusal: refusal ?? null,
        evicted: evicted.map(previewData),
      },
    },
    state === "refused" ? 3 : 0,
  );
  const notices = [
    ...(refusal === undefined ? [] : [`${refusal.code}: ${refusal.fix}`]),
    ...evicted.map((one) => `The preview of ${placeOf(one)} was idle longest and goes for it.`),
  ];
  return { ...shown, notices };
}

export function downOutcome(
  result: DownResult,
  request: PreviewRequest,
  location: string,
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
      tone: state === "refused" ? "error" : "ok",
      headline: `the preview of ${place} ${is}`,
      columns: [],
      rows: [],
      files: changes,
      data: { ...dataOf(request, result, connected, location), state, refusal: refusal ?? null },
    },
    state === "refused" ? 3 : 0,
  );
  return { ...shown, notices: refusal === undefined ? [] : [`${refusal.code}: ${refusal.fix}`] };
}

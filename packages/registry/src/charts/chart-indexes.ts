import {
  type ChartIndexes,
  type ChartVersion,
  type Clock,
  type Digest,
  type HttpMemory,
  OutsideError,
  oncePer,
  type RetryLimits,
  retryLimits,
  retryTransient,
} from "@glu/core";
import { type HttpResponse, send } from "../http.ts";
import { cutChart } from "./cut-chart.ts";

export interface ChartIndexOptions {
  clock: Clock;
  fetch?: typeof fetch;
  /** Milliseconds for one request; default 30,000. */
  timeout?: number;
  limits?: RetryLimits;
  /** What earlier runs were told; none: each index is read anew. */
  memory?: HttpMemory;
}

/** Bytes of an index. The largest public ones have 30 MB. */
const indexLimit = 64 << 20;

/**
 * Helm repositories over HTTP: one file, `index.yaml` (https://helm.sh/docs/topics/chart_repository/#the-index-file). An
 * index is asked for once in a run, with the ETag of the last answer where there is a memory (RFC 9110, 13.1.2).
 */
export function createChartIndexes(options: ChartIndexOptions): ChartIndexes {
  const indexes = oncePer<string>();
  return {
    async versions(repository, chart) {
      const url = `${repository.replace(/\/+$/, "")}/index.yaml`;
      return versionsIn(await indexes(url, () => readIndex(url, options)), chart, url);
    },
  };
}

async function readIndex(url: string, { memory, ...options }: ChartIndexOptions): Promise<string> {
  const known = await memory?.get(url);
  const headers: Record<string, string> = { accept: "application/yaml, text/yaml, */*" };
  if (known !== undefined) headers["if-none-match"] = known.etag;
  const http = { fetch: options.fetch ?? fetch, clock: options.clock, timeout: options.timeout ?? 30_000 };
  const task = () => send({ method: "GET", url, headers, limit: indexLimit }, http);
  const answer = await retryTransient(options.clock, task, options.limits ?? retryLimits);
  if (answer.status === 304 && known !== undefined) return Buffer.from(known.body).toString("utf8");
  if (answer.status !== 200) throw noIndex(url, answer);
  const etag = answer.headers.get("etag");
  if (etag !== null) await memory?.put(url, { etag, body: answer.body });
  return answer.body.toString("utf8");
}

function noIndex(url: string, { status }: HttpResponse): OutsideError {
  return new OutsideError("chart/no-index", `${url} is no index of charts (${status}).`, {
    seen: status,
    fix: "Give the URL of a Helm repository without 'index.yaml'. Repositories behind a password are not supported.",
  });
}

type Json = Record<string, unknown>;
const mapping = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 200 ? value : undefined;

async function versionsIn(index: string, chart: string, url: string): Promise<ChartVersion[]> {
  // What has neither a version nor a place is a mistake of whoever made the index, and hides no other version.
  return (await entriesOf(index, chart, url)).map(mapping).flatMap((entry): ChartVersion[] => {
    const version = text(entry.version);
    if (version === undefined || String(entry.removed) === "true") return [];
    return [
      { version, digest: digestOf(entry.digest), createdAt: timeOf(entry.created), appVersion: text(entry.appVersion) },
    ];
  });
}

async function entriesOf(index: string, chart: string, url: string): Promise<readonly unknown[]> {
  const json = asJson(index);
  const { parse } = await import("yaml");
  const read = (source: string): unknown => {
    try {
      // No aliases: a small file of them unfolds into a large one. Versions are text, whatever they look like.
      return parse(source, { schema: "failsafe", maxAliasCount: 0, logLevel: "error" });
    } catch (cause) {
      throw new OutsideError("chart/malformed", `${url} cannot be read: it is no YAML.`, {
        fix: "Tell whoever runs the repository; 'helm repo index' makes a new one.",
        cause,
      });
    }
  };
  const cut = json === undefined ? cutChart(index, chart) : undefined;
  const found = cut === undefined ? mapping(mapping(json ?? read(index)).entries)[chart] : read(cut);
  if (Array.isArray(found)) return found;
  throw new OutsideError("chart/not-found", `${url} has no chart ${chart}.`, {
    seen: chart,
    fix: "Check the chart's name and the repository's URL.",
  });
}

/** An index of `helm repo index --json`: as YAML it would take seconds. */
function asJson(index: string): unknown {
  if (!/^\s*\{/.test(index)) return undefined;
  try {
    return JSON.parse(index);
  } catch {
    return undefined;
  }
}

function digestOf(value: unknown): Digest | undefined {
  const hex = text(value)?.replace(/^sha256:/, "");
  return hex !== undefined && /^[0-9a-f]{64}$/.test(hex) ? (`sha256:${hex}` as Digest) : undefined;
}

function timeOf(value: unknown): string | undefined {
  const time = Date.parse(text(value) ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

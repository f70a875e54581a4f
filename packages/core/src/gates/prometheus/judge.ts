import { formatDuration } from "../../model/duration.ts";
import { timestamp } from "../../model/names.ts";
import { type Check, met, unmet } from "../gate.ts";
import { numberOf, type Result, type Series } from "./answer.ts";
import { type Bounds, describeBounds, isWithin } from "./bounds.ts";
import type { Steps } from "./steps.ts";

/** What was seen, as plain data. */
export interface Measured extends Result {
  kind: "measured";
  /** Of a query over a time; undefined: it was asked for now. */
  steps: Steps | undefined;
  /** Milliseconds since the epoch from which the time is over; undefined: there is none to wait for. */
  fullAt: number | undefined;
  /** Of a release that is verified. */
  verifies: boolean;
  /** It is measured since the release is there. */
  sinceThere: boolean;
}

export interface Judging {
  bounds: Bounds;
  /** What no number means. */
  empty: "held" | "met";
  /** Milliseconds. */
  over: number | undefined;
}

/**
 * Pure: whether every number of every series is in its bounds. A release whose numbers are not has failed; one that is not
 * out for long enough waits, and where there is no number nobody knows.
 */
export function judgeMeasured(measured: Measured, { bounds, empty, over }: Judging, now: number): Check {
  const { series, steps, fullAt, verifies, sinceThere, warning } = measured;
  const wanted = describeBounds(bounds);
  const wrong = firstWhere(series, (value) => !Number.isNaN(value) && !isWithin(value, bounds));
  if (wrong !== undefined) {
    const at = steps === undefined ? "" : ` at ${new Date(wrong.at).toISOString()}`;
    return unmet(`${wrong.name} ${steps === undefined ? "is" : "was"} ${wrong.value}${at}, and ${wanted} is wanted`, {
      outcome: verifies ? "refused" : "held",
      code: "prometheus/value",
      since: timestamp(Math.min(wrong.at, now)),
      clearedBy: verifies ? "a release that keeps its bounds" : "what is measured, when the next run asks for it",
    });
  }
  if (warning !== undefined) {
    const clearedBy = "the server, when the next run asks it";
    return unmet(`could not be evaluated: the server warns: ${warning}`, {
      code: "prometheus/partial",
      clearedBy,
      unknown: true,
    });
  }
  const lacking = empty === "held" ? lackOf(series, steps) : undefined;
  if (lacking !== undefined) {
    const passes =
      steps === undefined || over === undefined || lacking.at === undefined
        ? undefined
        : lacking.at + over + steps.step;
    return unmet(lacking.seen, {
      code: "prometheus/no-data",
      clearedBy: "what is measured, when the next run asks for it",
      ...(passes === undefined || passes <= now ? {} : { clearsAt: timestamp(passes) }),
      unknown: true,
    });
  }
  const shown = shownOf(series);
  if (fullAt !== undefined && now < fullAt) {
    const left = formatDuration(fullAt - now);
    return unmet(`${shown}, as wanted, and ${left} of ${formatDuration(over ?? 0)} are left`, {
      code: "prometheus/waiting",
      clearsAt: timestamp(fullAt),
      clearedBy: "the time",
      ...(sinceThere ? { goodSoFar: true as const } : {}),
    });
  }
  const during = over === undefined ? "" : ` for ${formatDuration(over)}`;
  return met(
    series.length === 0 ? `there is no data${during}, which is met` : `${shown}${during}, and ${wanted} is wanted`,
  );
}

function firstWhere(series: readonly Series[], is: (value: number) => boolean) {
  for (const { name, samples } of series) {
    const found = samples.find(({ value }) => is(numberOf(value)));
    if (found !== undefined) return { name, ...found };
  }
  return undefined;
}

/** Where there is no number: nowhere, in one of the series, or at a time. */
function lackOf(series: readonly Series[], steps: Steps | undefined): { seen: string; at?: number } | undefined {
  if (series.every(({ samples }) => samples.length === 0)) return { seen: "there is no data" };
  const strange = firstWhere(series, Number.isNaN);
  if (strange !== undefined) return { seen: `${strange.name} is NaN, which is no number`, at: strange.at };
  if (steps === undefined) return undefined;
  const { from, to, step } = steps;
  // Some servers move the times to whole steps: what lies between two counts for both.
  const there = new Set(
    series.flatMap(({ samples }) =>
      samples.flatMap(({ at }) => [Math.floor, Math.ceil].map((round) => round((at - from) / step))),
    ),
  );
  const gaps: number[] = [];
  for (let at = from; at <= to; at += step) if (!there.has((at - from) / step)) gaps.push(at);
  const last = gaps.at(-1);
  if (last === undefined) return undefined;
  return { seen: `there is no data for ${formatDuration(gaps.length * step)} of the time`, at: last };
}

/** The numbers as a sentence has room for them. */
function shownOf(series: readonly Series[]): string {
  const values = series.flatMap(({ samples }) => samples.map(({ value }) => numberOf(value)));
  const [first] = series;
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (first === undefined || values.length === 0) return "there is no data";
  const name = series.length === 1 ? first.name : `each of ${series.length} series`;
  return low === high ? `${name} is ${low}` : `${name} is from ${low} to ${high}`;
}

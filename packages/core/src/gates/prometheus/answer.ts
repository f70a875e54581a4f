import { z } from "zod";
import { jsonOf, told } from "../outside/told.ts";
import { Unanswered } from "../outside/unanswered.ts";

/**
 * A series: what it is called, and its numbers by their times in milliseconds since the epoch. They stay as they were written:
 * what is observed is plain data, and JSON has no NaN.
 */
export interface Series {
  name: string;
  samples: { at: number; value: string }[];
}

/** What a query gives, without what is of no use. */
export interface Result {
  series: Series[];
  /** What the server says is wrong with it: then parts may be missing. */
  warning: string | undefined;
}

const sample = z.tuple([z.number(), z.string()]);
const metric = z.record(z.string(), z.string());
const histograms = z.unknown().optional();
const data = z.discriminatedUnion("resultType", [
  z.looseObject({
    resultType: z.literal("vector"),
    result: z.array(z.looseObject({ metric, value: sample.optional(), histogram: histograms })),
  }),
  z.looseObject({
    resultType: z.literal("matrix"),
    result: z.array(z.looseObject({ metric, values: z.array(sample).optional(), histograms })),
  }),
  z.looseObject({ resultType: z.literal("scalar"), result: sample }),
  z.looseObject({ resultType: z.literal("string"), result: sample }),
]);

/** https://prometheus.io/docs/prometheus/latest/querying/api/; `isPartial` is VictoriaMetrics'. */
const success = z.looseObject({
  status: z.literal("success"),
  data,
  warnings: z.array(z.string()).nullish(),
  isPartial: z.boolean().optional(),
});
const failure = z.looseObject({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/**
 * What a server of Prometheus' API answers.
 * @throws Unanswered `prometheus/…`
 */
export function readAnswer(
  { status, body }: { status: number; body: string },
  { shown, redact }: { shown: string; redact: (text: string) => string },
): Result {
  const document = jsonOf(body);
  const error = failure.safeParse(document).data;
  const says = `${shown} answers ${status}${error === undefined ? "" : `: ${error.errorType}: ${told(error.error, redact)}`}`;
  if (status === 401 || status === 403)
    throw new Unanswered("prometheus/denied", says, "a token or headers that it takes");
  if (error?.errorType === "bad_data" || error?.errorType === "execution") {
    throw new Unanswered("prometheus/query", says, "another query");
  }
  if (status !== 200 || error !== undefined) {
    throw new Unanswered("prometheus/status", says, "the server, when the next run asks it");
  }
  const { data: read } = success.safeParse(document);
  if (read === undefined) {
    throw new Unanswered("prometheus/not-json", `${says}, and that is none of Prometheus`, "another url");
  }
  const [warned] = read.warnings ?? [];
  const warning =
    read.isPartial === true ? "the answer is partial" : warned === undefined ? undefined : told(warned, redact);
  return { series: seriesOf(read.data, redact), warning };
}

function seriesOf(read: z.output<typeof data>, redact: (text: string) => string): Series[] {
  switch (read.resultType) {
    case "vector":
      return read.result.map(({ metric: labels, value }) =>
        seriesFrom(labels, value === undefined ? undefined : [value], redact),
      );
    case "matrix":
      return read.result.map(({ metric: labels, values }) => seriesFrom(labels, values, redact));
    case "scalar":
      return [seriesFrom({}, [read.result], redact)];
    case "string":
      throw new Unanswered("prometheus/result", "the query gives a text, and no number", "another query");
  }
}

function seriesFrom(
  labels: Record<string, string>,
  values: z.output<typeof sample>[] | undefined,
  redact: (text: string) => string,
): Series {
  const name = nameOf(labels, redact);
  if (values === undefined) {
    throw new Unanswered(
      "prometheus/result",
      `${name} is a histogram, and no number`,
      "a query such as histogram_quantile",
    );
  }
  return { name, samples: values.map(([at, value]) => ({ at: Math.round(at * 1000), value })) };
}

/** Numbers as Prometheus writes them: `NaN`, `+Inf`, `-Inf` too. */
export function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text.trim() === "" ? Number.NaN : Number(text);
}

function nameOf({ __name__: name = "", ...labels }: Record<string, string>, redact: (text: string) => string): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const all = `${name}${pairs.length === 0 ? "" : `{${pairs.join(", ")}}`}`;
  return all === "" ? "the value" : told(all, redact);
}

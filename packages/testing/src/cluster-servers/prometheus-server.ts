import { type StrictAnswer, type StrictRequest, StrictServer } from "./strict-server.ts";

const parameters = {
  query: ["query", "time", "timeout", "limit"],
  query_range: ["query", "start", "end", "step", "timeout", "limit"],
} as const;

/** A series by its labels: what it is at a time in seconds; undefined: it has no sample there. */
export interface ServedSeries {
  metric: Record<string, string>;
  at(time: number): string | undefined;
}

const number = /^\d+(?:\.\d+)?$/;
const mostPoints = 11_000;

/**
 * The query API of Prometheus, by its documentation: forms and their parameters, and errors as it tells them. What a query
 * gives is told to it; the query itself is not read.
 */
export class PrometheusServer extends StrictServer {
  readonly #series = new Map<string, readonly ServedSeries[]>();
  /** Where a token is wanted: the one that is taken. */
  token: string | undefined;

  static start(): Promise<PrometheusServer> {
    return new PrometheusServer().listen();
  }

  serve(query: string, ...series: readonly ServedSeries[]): void {
    this.#series.set(query, series);
  }

  protected answer({ method, path, headers, body }: StrictRequest): StrictAnswer {
    const [, endpoint] = /^\/api\/v1\/(query|query_range)$/.exec(path) ?? [];
    if (method !== "POST" || endpoint === undefined) return this.violate(`${method} ${path}`);
    if (headers["content-type"] !== "application/x-www-form-urlencoded")
      return this.violate(`a body of ${headers["content-type"]}`);
    if (this.token !== undefined && headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: "Unauthorized\n" };
    }
    const form = new URLSearchParams(body);
    const known: readonly string[] = parameters[endpoint as keyof typeof parameters];
    const strange = [...form.keys()].find((key) => !known.includes(key));
    if (strange !== undefined) return this.violate(`${endpoint} has no parameter ${strange}`);
    const series = this.#series.get(form.get("query") ?? "");
    if (series === undefined)
      return badData(`invalid parameter "query": 1:1: parse error: unexpected ${form.get("query")}`);
    return endpoint === "query" ? this.#now(series, form) : this.#range(series, form);
  }

  #now(series: readonly ServedSeries[], form: URLSearchParams): StrictAnswer {
    const time = form.get("time") ?? "";
    if (!number.test(time)) return badData(`invalid parameter "time": cannot parse "${time}" to a valid timestamp`);
    const result = series.flatMap(({ metric, at }) => {
      const value = at(Number(time));
      return value === undefined ? [] : [{ metric, value: [Number(time), value] }];
    });
    return success({ resultType: "vector", result });
  }

  #range(series: readonly ServedSeries[], form: URLSearchParams): StrictAnswer {
    for (const key of ["start", "end", "step"]) {
      const text = form.get(key) ?? "";
      if (!number.test(text)) return badData(`invalid parameter "${key}": cannot parse "${text}" to a valid value`);
    }
    const [start, end, step] = ["start", "end", "step"].map((key) => Number(form.get(key))) as [number, number, number];
    if (end < start) return badData('invalid parameter "end": end timestamp must not be before start time');
    if (step <= 0)
      return badData(
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    if ((end - start) / step > mostPoints) {
      return badData(
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
      );
    }
    const count = Math.floor((end - start) / step + 1e-9);
    const times = Array.from({ length: count + 1 }, (_, index) => Math.round((start + index * step) * 1000) / 1000);
    const result = series.flatMap(({ metric, at }) => {
      const values = times.flatMap((time) => {
        const value = at(time);
        return value === undefined ? [] : [[time, value]];
      });
      return values.length === 0 ? [] : [{ metric, values }];
    });
    return success({ resultType: "matrix", result });
  }
}

const success = (data: object): StrictAnswer => ({ status: 200, body: { status: "success", data } });

const badData = (error: string): StrictAnswer => ({
  status: 400,
  body: { status: "error", errorType: "bad_data", error },
});

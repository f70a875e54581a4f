import { z } from "zod";
import { duration, formatDuration, lastingPattern } from "../model/duration.ts";
import { timestamp } from "../model/names.ts";
import { defineGate, type GateFault, type Look, unmet } from "./gate.ts";
import { checked, type Mistake } from "./option.ts";
import { templatesIn } from "./outside/address.ts";
import { textsOf } from "./outside/given.ts";
import { faultsInHeaders, headers } from "./outside/header.ts";
import {
  askServer,
  ca,
  faultsInAddress,
  limitOf,
  openSecret,
  retries,
  serverAddress,
  timeout,
  token,
} from "./outside/server.ts";
import { withGrace } from "./outside/time-limit.ts";
import { answered, heldFor, type Silence } from "./outside/unanswered.ts";
import { boundFields, describeBounds, isBounded, isImpossible } from "./prometheus/bounds.ts";
import { judgeMeasured, type Measured } from "./prometheus/judge.ts";
import { renderQuery, templatesInQuery } from "./prometheus/query.ts";
import { stepsOf } from "./prometheus/steps.ts";

const lasting = z
  .string("must be a duration, such as 10m")
  .regex(lastingPattern, "must be a duration longer than none, such as 10m");

const fields = z
  .strictObject({
    url: serverAddress.describe(
      "Where the API is, such as https://prometheus.example.com, with the path before /api/v1.",
    ),
    query: z
      .string()
      .min(1, "must not be empty")
      .describe('The query in PromQL. A template\'s value is escaped as a string of it needs: name="{{ app }}".'),
    ...boundFields,
    over: lasting
      .optional()
      .describe("For how long every number must be good; of a release since it is there. Without it: now."),
    after: lasting
      .optional()
      .describe(
        "How long after a release it is looked at first: after it was seen to be there, where health is asked beside, else after it was made. Default: at once.",
      ),
    empty: z
      .enum(["held", "met"])
      .optional()
      .describe("What it means that there is no number, or NaN: held, the default, or met."),
    token: token.optional(),
    headers: headers.optional(),
    ca: ca.optional(),
    retries: retries.optional(),
    timeout: timeout.optional(),
  })
  .describe(
    "What a query of Prometheus must give, such as { url: https://prometheus.example.com, query: up, equals: 1 }.",
  );

type Options = z.infer<typeof fields>;

const options = checked(fields, (asked): Mistake | undefined => {
  const code = "config/value";
  if (!isBounded(asked)) {
    const fix = "Add one of min, max, above, below, equals, such as max: 0.01.";
    return { code, message: "must say which numbers are good", fix };
  }
  const isTwice = Object.keys(asked.headers ?? {}).some((name) => name.toLowerCase() === "authorization");
  if (asked.token !== undefined && isTwice) {
    return {
      code,
      key: "token",
      message: "must not stand beside the header Authorization",
      fix: "Remove one of them.",
    };
  }
  return openSecret(asked);
});

/** It is too early to ask: until a time, or until the release is there. */
interface Early {
  kind: "early";
  until: number | undefined;
  /** Whether it is measured since the release is there. */
  sinceThere: boolean;
}

/**
 * Every number that a query gives is good: now, or over a time. Of a release that is verified, a number that is not fails it.
 * Where there is no number it is held, never passed, unless the config says otherwise.
 */
export const prometheus = defineGate<Options, Measured | Early | Silence>({
  name: "prometheus",
  options,
  outcome: "held",
  observes: "outside",
  verifies: true,
  asks: "templates",
  templates: ({ url, query, headers: given = {}, ca: authority }) => [
    ...templatesIn(url),
    ...templatesInQuery(query),
    ...textsOf(given),
    ...textsOf(authority === undefined ? {} : { ca: authority }),
  ],
  faultsIn: (asked, { within, environment }): GateFault[] => [
    ...faultsInAddress(asked.url),
    ...faultsInHeaders(asked.headers ?? {}),
    ...(isImpossible(asked)
      ? [{ level: "error" as const, message: `no number can be ${describeBounds(asked)}`, fix: "Correct one of them." }]
      : []),
    // What is measured since the release is there has its time.
    ...(environment.verify?.gates.some(({ name }) => name === "health") ? [] : faultsInTime(asked, within)),
  ],
  timeLimit: (asked) => withGrace(limitOf(asked)),
  observe: (_subject, _state, asked, look) => answered("prometheus/template", () => measure(asked, look)),
  check: (seen, asked, now) => {
    if (seen.kind === "unanswered") return heldFor(seen);
    if (seen.kind === "early") {
      const code = "prometheus/waiting";
      if (seen.until === undefined) {
        const clearedBy = "the release, once it is there";
        return unmet("is measured once the release is there", { code, clearedBy, unknown: true });
      }
      const why = { code, clearsAt: timestamp(seen.until + (overOf(asked) ?? 0)), clearedBy: "the time" };
      return unmet(`is looked at ${asked.after} after the release ${seen.sinceThere ? "is there" : "was made"}`, {
        ...why,
        ...(seen.sinceThere ? { goodSoFar: true as const } : {}),
      });
    }
    const over = overOf(asked);
    return judgeMeasured(seen, { bounds: asked, empty: asked.empty ?? "held", over }, now);
  },
});

const afterOf = ({ after }: Options): number => (after === undefined ? 0 : duration(after));

/** That a release is given the time that is measured. */
function faultsInTime(asked: Options, within: number | undefined): GateFault[] {
  const needed = afterOf(asked) + (overOf(asked) ?? 0);
  if (within === undefined || needed <= within) return [];
  const message = `it takes ${formatDuration(needed)}, and a release has ${formatDuration(within)} until it must be met`;
  return [{ level: "error", message, fix: "Let within of verify be longer, or over and after shorter." }];
}

const overOf = ({ over }: Options): number | undefined => (over === undefined ? undefined : duration(over));

async function measure(asked: Options, look: Look): Promise<Measured | Early> {
  const { now, release } = look;
  const over = overOf(asked);
  const { arrivedAt } = release ?? {};
  const sinceThere = arrivedAt !== undefined;
  if (arrivedAt === "awaited") return { kind: "early", until: undefined, sinceThere };
  const begins = release === undefined ? undefined : (arrivedAt ?? release.releasedAt) + afterOf(asked);
  if (begins !== undefined && now < begins) return { kind: "early", until: begins, sinceThere };
  const steps = over === undefined ? undefined : stepsOf({ from: Math.max(now - over, begins ?? 0), to: now, over });
  const seconds = (milliseconds: number) => String(milliseconds / 1000);
  const query = renderQuery(asked.query, look.render);
  const form =
    steps === undefined
      ? { query, time: seconds(now) }
      : { query, start: seconds(steps.from), end: seconds(steps.to), step: seconds(steps.step) };
  const question = {
    path: `/api/v1/${steps === undefined ? "query" : "query_range"}`,
    method: "POST" as const,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  };
  const { answer, shown } = await askServer(
    { none: "prometheus/no-variable", ca: "prometheus/ca" },
    asked,
    question,
    look,
  );
  const { readAnswer } = await import("./prometheus/answer.ts");
  const fullAt = over === undefined || begins === undefined ? undefined : begins + over;
  const { redact } = look.outside;
  return {
    kind: "measured",
    ...readAnswer(answer, { shown, redact }),
    steps,
    fullAt,
    sinceThere,
    verifies: release !== undefined,
  };
}

import { z } from "zod";
import { duration } from "../model/duration.ts";
import type { HttpQuestion } from "../ports/outside.ts";
import { defineGate, type GateFault, type GateSubject, type Look, met, unmet } from "./gate.ts";
import { checked, type Mistake } from "./option.ts";
import { address, isAddress, isOpen, literally, renderAddress, shownAddress, templatesIn } from "./outside/address.ts";
import { askAgain } from "./outside/ask-again.ts";
import {
  type ExpectedValue,
  expectedValue,
  type Found,
  faultsInExpected,
  findValues,
  objectionTo,
} from "./outside/expected-value.ts";
import { type Given, given, textOf, textsOf } from "./outside/given.ts";
import { timeLimit, withGrace, withinLimit } from "./outside/time-limit.ts";
import { answered, heldFor, type Silence, Unanswered } from "./outside/unanswered.ts";

const status = z.number().int().min(100).max(599);

/** RFC 9110, section 5.6.2; without those that say how a message is sent. */
const headerName =
  /^(?!(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer)$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/i;

const fields = z
  .strictObject({
    url: address,
    method: z
      .enum(["GET", "HEAD", "POST"])
      .optional()
      .describe("GET, unless it says otherwise. It may be asked several times."),
    status: z
      .union([status, z.array(status).min(1)])
      .optional()
      .describe("The status that is wanted, or several. Without it any from 200 to 299."),
    headers: z
      .record(z.string().regex(headerName, "must be a header that can be given"), given)
      .optional()
      .describe('Headers: texts, or { env: NAME, prefix: "Bearer " } for what must not stand here.'),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe("What is posted: a text as it is, or a mapping that is sent as JSON."),
    json: z
      .union([expectedValue, z.array(expectedValue).min(1)])
      .optional()
      .describe("What the answer must say in JSON: { path: $.status, equals: ok }."),
    retries: z
      .number()
      .int()
      .min(0)
      .max(10)
      .optional()
      .describe("How often it is asked again while the server is busy. Default 2."),
    timeout: timeLimit.optional().describe("For all of it. Default 30s."),
  })
  .describe(
    "What a server must answer, such as { url: https://status.example.com, json: { path: $.ok, equals: true } }.",
  );

/** What only two keys together show to be wrong. */
function clash({ url, method, headers = {}, body, json }: z.infer<typeof fields>): Mistake | undefined {
  const code = "config/value";
  if (body !== undefined && method !== "POST") {
    return { code, key: "body", message: "must be posted", fix: "Add method: POST, or remove body." };
  }
  if (json !== undefined && method === "HEAD") {
    const fix = "Ask with GET, or remove json.";
    return { code, key: "method", message: "must be one that JSON is answered to", fix };
  }
  if (!isOpen(url) || Object.values(headers).every((value) => typeof value === "string")) return undefined;
  const fix = "Write https://, so that nobody on the way can read the variable.";
  return { code, key: "url", message: "must begin with https where a header holds a variable of the job", fix };
}

const options = checked(fields, clash);

type Options = z.infer<typeof options>;

interface Answered {
  kind: "answered";
  address: string;
  status: number;
  /** Of each value that is asked for; empty when the status was not the one that is wanted. */
  found: Found[];
}

const limitOf = ({ timeout }: Options): number => duration(timeout ?? "30s");
const expectedOf = ({ json }: Options): ExpectedValue[] => (json === undefined ? [] : [json].flat());

/** A server must answer with a status, and say what is expected. It is only asked: whatever it takes for an order is no gate. */
export const http = defineGate<Options, Answered | Silence>({
  name: "http",
  options,
  outcome: "held",
  observes: "outside",
  verifies: true,
  asks: "templates",
  templates: ({ url, headers = {}, body }) => [...templatesIn(url), ...textsOf(headers), ...textsIn(body)],
  faultsIn: async (wanted) => [...faultsInQuestion(wanted), ...(await faultsInExpected(expectedOf(wanted)))],
  timeLimit: (wanted) => withGrace(limitOf(wanted)),
  observe: (_subject: GateSubject, _state, wanted, look) =>
    answered("http/template", async () => {
      const question = questionOf(wanted, look);
      const limit = limitOf(wanted);
      const wants = (seen: number) => isWanted(seen, wanted);
      const answer = await withinLimit(look.signal, limit, (signal) => {
        const ask = () => look.outside.http.ask(question, signal);
        return askAgain(ask, look, { retries: wanted.retries ?? 2, limit, signal, wants });
      });
      const asked = shownAddress(question.url);
      const text = { text: answer.body, says: says(asked, answer.status) };
      return {
        kind: "answered",
        address: asked,
        status: answer.status,
        found: wants(answer.status) ? await findValues(text, expectedOf(wanted), look.outside.redact) : [],
      };
    }),
  check: (observation, wanted) => {
    if (observation.kind === "unanswered") return heldFor(observation);
    const { address: asked, status: seen, found } = observation;
    const told = says(asked, seen);
    if (!isWanted(seen, wanted)) {
      const denied = seen === 401 || seen === 403;
      return unmet(`${told}, and ${statusWanted(wanted)} is wanted`, {
        code: denied ? "http/denied" : "http/status",
        clearedBy: denied ? "headers that the server takes" : "the server, when the next run asks it",
      });
    }
    const expected = expectedOf(wanted);
    for (const [index, one] of expected.entries()) {
      const objection = objectionTo(found[index] ?? { count: 0, values: [] }, one);
      if (objection === undefined) continue;
      return unmet(`${told}, and ${objection.seen}`, {
        code: objection.code,
        clearedBy: "the server, when the next run asks it",
      });
    }
    const values = expected.map(({ path }, index) => `${path} is ${saidAll(found[index])}`);
    return met([told, ...values].join(", "));
  },
});

const says = (address: string, seen: number): string => `${address} answers ${seen}`;

const saidAll = (found: Found | undefined): string => {
  if (found === undefined || found.count === 0) return "not there";
  return found.count === 1 ? `${found.values[0]?.say()}` : `as wanted in ${found.count} places`;
};

function isWanted(seen: number, { status: wanted }: Options): boolean {
  return wanted === undefined ? seen >= 200 && seen <= 299 : [wanted].flat().includes(seen);
}

const statusWanted = ({ status: wanted }: Options): string =>
  wanted === undefined ? "200 to 299" : [wanted].flat().join(" or ");

function questionOf({ url, method = "GET", headers = {}, body }: Options, look: Look): HttpQuestion {
  const rendered = renderAddress(url, look.render);
  const asJson = typeof body === "object" ? JSON.stringify(renderAll(body, look.render)) : body;
  const own = typeof body === "object" ? { "content-type": "application/json" } : {};
  const values = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), headerValue(name, value, look)]);
  return { method, url: rendered, headers: { ...own, ...Object.fromEntries(values) }, body: asJson };
}

const canBeHeader = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws Unanswered `http/header`; the value is not repeated */
function headerValue(name: string, value: Given, look: Look): string {
  const text = textOf(value, look, "http/no-variable").trim();
  if (canBeHeader.test(text)) return text;
  throw new Unanswered(
    "http/header",
    `the header ${name} cannot hold its value`,
    "a value on one line, without other letters",
  );
}

/** A mapping with the templates in its texts filled in; keys are as they stand. */
function renderAll(value: unknown, render: (template: string) => string): unknown {
  if (typeof value === "string") return render(value);
  if (Array.isArray(value)) return value.map((one) => renderAll(one, render));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renderAll(one, render)]));
}

/** The texts of a body, wherever they stand. */
function textsIn(body: unknown): string[] {
  if (typeof body === "string") return [body];
  return typeof body === "object" && body !== null ? Object.values(body).flatMap(textsIn) : [];
}

/** What nobody can be asked, whatever the artifact. */
function faultsInQuestion({ url, headers = {} }: Options): GateFault[] {
  const isWrong = (value: Given) =>
    !canBeHeader.test(literally(typeof value === "string" ? value : (value.prefix ?? "")));
  return [
    ...(isAddress(url)
      ? []
      : [
          {
            level: "error" as const,
            message: `${JSON.stringify(url)} is no address`,
            fix: "Correct its host or port.",
          },
        ]),
    ...Object.entries(headers).flatMap(([name, value]): GateFault[] =>
      isWrong(value)
        ? [
            {
              level: "error",
              message: `the header ${name} cannot hold its value`,
              fix: "Write it on one line, without other letters.",
            },
          ]
        : [],
    ),
  ];
}

import { z } from "zod";
import { matchesGlob } from "../../policy/glob.ts";
import type { GateFault } from "../gate.ts";
import { checked } from "../option.ts";
import { Unanswered } from "./unanswered.ts";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What an answer in JSON must say at a path. All that is asked must hold for all that the path selects. */
export const expectedValue = checked(
  z.strictObject({
    path: z
      .string()
      .regex(/^\$/, "must be a JSON path, such as $.status")
      .describe("Where to look, as a JSON path (RFC 9535): $.status, $.checks[*].state."),
    equals: scalar.optional().describe("The value, of the same type."),
    matches: z.string().min(1).optional().describe("A glob for a text, in which * takes any characters."),
    min: z.number().optional().describe('The smallest number; a text such as "0.5" is read as one.'),
    max: z.number().optional().describe("The largest number."),
    exists: z.boolean().optional().describe("true: there is something; false: there is nothing."),
  }),
  ({ path: _path, exists, ...asked }) => {
    const code = "config/value";
    const more = Object.keys(asked).length > 0;
    if (!more && exists === undefined) {
      const fix = "Add one of equals, matches, min, max, exists, such as { path: $.status, equals: ok }.";
      return { code, message: "must say what is expected", fix };
    }
    if (exists !== false || !more) return undefined;
    const fix = "Remove exists, or what else is asked.";
    return { code, message: "must not ask something of what must not exist", fix };
  },
);

export type ExpectedValue = z.infer<typeof expectedValue>;

/** What a path selects, cut to what is looked at. */
export interface Found {
  count: number;
  values: FoundValue[];
}

export interface FoundValue {
  value: unknown;
  /** As people may read it: short enough for a sentence, and without secrets. Few of many values are ever said. */
  say(): string;
}

/** A text without the secrets of the run. */
type Redact = (text: string) => string;

/** Values that are looked at, of one path: more than people read. */
const mostValues = 1000;

/**
 * What each path selects in a text of JSON.
 * @param says who gave the text, and how: "https://… answers 200"
 * @throws Unanswered `http/not-json`, `http/path`
 */
export async function findValues(
  { text, says }: { text: string; says: string },
  expected: readonly ExpectedValue[],
  redact: Redact,
): Promise<Found[]> {
  if (expected.length === 0) return [];
  const document = parse(text, says);
  const { JSONPathError, query } = await import("json-p3");
  return expected.map(({ path }) => {
    try {
      const values = query(path, document as Parameters<typeof query>[1]).values();
      const looked = values.slice(0, mostValues).map((value) => ({ value, say: () => said(value, redact) }));
      return { count: values.length, values: looked };
    } catch (error) {
      if (!(error instanceof JSONPathError)) throw error;
      throw new Unanswered("http/path", `${JSON.stringify(path)} cannot be followed: ${error.message}`, "another path");
    }
  });
}

/** Which paths are none, and which of them ask for what no value can be. */
export async function faultsInExpected(expected: readonly ExpectedValue[]): Promise<GateFault[]> {
  if (expected.length === 0) return [];
  const { JSONPathError, compile } = await import("json-p3");
  return expected.flatMap((one): GateFault[] => {
    try {
      compile(one.path);
    } catch (error) {
      if (!(error instanceof JSONPathError)) throw error;
      const message = `${JSON.stringify(one.path)} is no JSON path: ${error.message}`;
      return [{ level: "error", message, fix: "Write one as RFC 9535 has them, such as $.checks[0].state." }];
    }
    if (!isImpossible(one)) return [];
    const fix = "Correct one of them, or make them two entries of json.";
    return [{ level: "error", message: `${one.path}: no value can be ${wanted(one)}`, fix }];
  });
}

/** Whether the value that is asked for, or any number, is not what else is asked. */
function isImpossible({ equals, min, max, matches, path }: ExpectedValue): boolean {
  if (min !== undefined && max !== undefined && min > max) return true;
  return equals !== undefined && !holds(equals, { path, min, max, matches });
}

function parse(text: string, says: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says of it repeats the text.
    throw new Unanswered("http/not-json", `${says}, and that is not JSON`, "the server, or another url");
  }
}

/** What is wrong with what was found; undefined when nothing is. */
export function objectionTo(
  { count, values }: Found,
  expected: ExpectedValue,
): { code: string; seen: string } | undefined {
  const { path } = expected;
  if (expected.exists === false) {
    return count === 0
      ? undefined
      : { code: "http/value", seen: `${path} is ${values[0]?.say()}, and nothing is wanted` };
  }
  if (count === 0) return { code: "http/no-value", seen: `${path} is not there` };
  if (count > values.length) return { code: "http/value", seen: `${path} selects ${count} values, which are too many` };
  const wrong = values.find(({ value }) => !holds(value, expected));
  if (wrong === undefined) return undefined;
  return { code: "http/value", seen: `${path} is ${wrong.say()}, and ${wanted(expected)} is wanted` };
}

function holds(value: unknown, { equals, matches, min, max }: ExpectedValue): boolean {
  if (equals !== undefined && value !== equals) return false;
  if (matches !== undefined && !(typeof value === "string" && matchesGlob(matches, value, "prose"))) return false;
  if (min === undefined && max === undefined) return true;
  const number = numberOf(value);
  return number >= (min ?? Number.NEGATIVE_INFINITY) && number <= (max ?? Number.POSITIVE_INFINITY);
}

/** NaN, which is neither large nor small enough, for what is no number. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function wanted({ equals, matches, min, max }: ExpectedValue): string {
  return [
    ...(equals === undefined ? [] : [JSON.stringify(equals)]),
    ...(matches === undefined ? [] : [`what matches ${matches}`]),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ].join(" and ");
}

const longest = 100;

/** A value of others, short enough for a sentence. Secrets go before it is cut: half of one would not be found. */
function said(value: unknown, redact: Redact): string {
  const text = redact(JSON.stringify(value) ?? "nothing");
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…`;
}

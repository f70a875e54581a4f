import { z } from "zod";
import { matchesGlob } from "../../policy/glob.ts";
import type { GateFault } from "../gate.ts";
import { Unanswered } from "./unanswered.ts";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What an answer in JSON must say at a path. All that is asked must hold for all that the path selects. */
export const expectedValue = z
  .strictObject({
    path: z
      .string()
      .regex(/^\$/, "must be a JSON path, such as $.status")
      .describe("Where to look, as a JSON path (RFC 9535): $.status, $.checks[*].state."),
    equals: scalar.optional().describe("The value, of the same type."),
    matches: z.string().min(1).optional().describe("A glob for a text, in which * takes any characters."),
    min: z.number().optional().describe('The smallest number; a text such as "0.5" is read as one.'),
    max: z.number().optional().describe("The largest number."),
    exists: z.boolean().optional().describe("true: there is something; false: there is nothing."),
  })
  .refine(({ path: _path, ...asked }) => Object.keys(asked).length > 0, {
    error: "must say what is expected: equals, matches, min, max or exists",
  })
  .refine(({ path: _path, exists, ...asked }) => exists !== false || Object.keys(asked).length === 0, {
    error: "must not ask something of what must not exist",
  });

export type ExpectedValue = z.infer<typeof expectedValue>;

/** What a path selects, cut to what is looked at. */
export interface Found {
  count: number;
  values: unknown[];
}

/** Values that are looked at, of one path: more than people read. */
const mostValues = 1000;

/**
 * What each path selects in a text of JSON.
 * @throws Unanswered `http/not-json`, `http/path`
 */
export async function findValues(text: string, expected: readonly ExpectedValue[]): Promise<Found[]> {
  if (expected.length === 0) return [];
  const document = parse(text);
  const { JSONPathError, query } = await import("json-p3");
  return expected.map(({ path }) => {
    try {
      const values = query(path, document as Parameters<typeof query>[1]).values();
      return { count: values.length, values: values.slice(0, mostValues) };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says of it repeats the text.
    throw new Unanswered("http/not-json", "the answer is not JSON", "the server, or another url");
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
      : { code: "http/value", seen: `${path} is ${said(values[0])}, and nothing is wanted` };
  }
  if (count === 0) return { code: "http/no-value", seen: `${path} is not there` };
  if (count > values.length) return { code: "http/value", seen: `${path} selects ${count} values, which are too many` };
  const wrong = values.find((value) => !holds(value, expected));
  if (wrong === undefined) return undefined;
  return { code: "http/value", seen: `${path} is ${said(wrong)}, and ${wanted(expected)} is wanted` };
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

/** A value of others, short enough for a sentence. */
export function said(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…`;
}

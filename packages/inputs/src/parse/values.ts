import { closest, GluError, UserError } from "@glu/core";
import { checkCharacters, type Given, givenValues, missing, quoted, single } from "./given.ts";
import { splitList } from "./split-list.ts";

/** Shape of {@link Input.pattern}; declared here so that parsing knows nothing of the schema. */
interface Pattern {
  regex: string;
  means: string;
}

interface TextRules<Value> {
  required: boolean;
  default: string | undefined;
  pattern: Pattern | undefined;
  multiline: boolean;
  secret: boolean;
  of: (value: string) => Value;
}

interface ListRules<Value> {
  required: boolean;
  pattern: Pattern | undefined;
  separator: "comma" | "line";
  of: (value: string) => Value;
}

interface ChoiceRules<Value> {
  required: boolean;
  default: Value | undefined;
  choices: readonly Value[];
}

/** Names the input in front of an error of the value's own parser. */
function typed<Value>(name: string, value: string, of: (value: string) => Value): Value {
  try {
    return of(value);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    throw new UserError(error.code, `Input ${quoted(name)}: ${error.message}`, {
      seen: error.seen,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    });
  }
}

function checkPattern(name: string, value: string, rules: { pattern: Pattern | undefined; secret: boolean }): void {
  if (rules.pattern === undefined || new RegExp(rules.pattern.regex, "u").test(value)) return;
  const shown = rules.secret ? "what was given" : JSON.stringify(value);
  throw new UserError("input/pattern", `Input ${quoted(name)} cannot be ${shown}.`, {
    ...(rules.secret ? {} : { seen: value }),
    fix: `Give ${rules.pattern.means}.`,
  });
}

export function parseText<Value>(name: string, given: Given, rules: TextRules<Value>): Value | undefined {
  const value = single(name, given) ?? rules.default;
  if (value === undefined) {
    if (rules.required) throw missing(name);
    return undefined;
  }
  checkCharacters(name, value, rules);
  checkPattern(name, value, rules);
  return typed(name, value, rules.of);
}

export function parseList<Value>(name: string, given: Given, rules: ListRules<Value>): Value[] {
  const values = splitList(given, rules.separator);
  if (values.length === 0 && rules.required) throw missing(name);
  return values.map((value) => {
    checkCharacters(name, value, { multiline: rules.separator === "line", secret: false });
    checkPattern(name, value, { pattern: rules.pattern, secret: false });
    return typed(name, value, rules.of);
  });
}

export function parseFlag(name: string, given: Given): boolean {
  const value = single(name, given);
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  throw new UserError("input/boolean", `Input ${quoted(name)} is ${JSON.stringify(value)}.`, {
    seen: value,
    fix: `Give ${quoted(name)} as true or false, in lower case.`,
  });
}

export function parseChoice<Value extends string>(
  name: string,
  given: Given,
  rules: ChoiceRules<Value>,
): Value | undefined {
  const value = single(name, given);
  if (value === undefined) {
    if (rules.default === undefined && rules.required) throw missing(name);
    return rules.default;
  }
  const choice = rules.choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const near = closest(value, rules.choices);
  throw new UserError("input/choice", `Input ${quoted(name)} is ${JSON.stringify(value)}.`, {
    seen: value,
    fix: `${near === undefined ? "" : `Did you mean ${near}? `}It takes one of ${rules.choices.join(", ")}.`,
  });
}

export function parseCount(name: string, given: Given, fallback: number | undefined): number | undefined {
  const value = single(name, given);
  if (value === undefined) return fallback;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value);
  throw new UserError("input/number", `Input ${quoted(name)} is ${JSON.stringify(value)}.`, {
    seen: value,
    fix: `Give ${quoted(name)} as a whole number from 0 to 999999999.`,
  });
}

/** True when something was given. */
export function isGiven(given: Given): boolean {
  return givenValues(given).length > 0;
}

import { z } from "zod";
import { suggest } from "../source/nearest.ts";
import type { Path } from "../source/places.ts";
import { examples, type Note } from "./text.ts";

/** What zod's schema knows of an issue. Zod hands on the message alone, so it travels there as JSON. */
interface Told {
  allowed: string[];
  description: string | undefined;
  example: string | undefined;
  text: string;
}

/** The error map of every parse of the config: {@link explainIssue} reads what it tells. */
export const tellSchema: z.core.$ZodErrorMap = (issue) => {
  const schema = issue.inst;
  const shape = schema instanceof z.ZodObject ? schema.shape : {};
  const text = z.config().localeError?.(issue) ?? "is not valid";
  const told: Told = {
    allowed: Object.keys(shape),
    description: schema instanceof z.ZodType ? z.globalRegistry.get(schema)?.description : undefined,
    example: schema instanceof z.ZodType ? examples.get(schema)?.example : undefined,
    text: typeof text === "string" ? text : text.message,
  };
  return JSON.stringify(told);
};

/** One thing that is wrong at a path of the parsed data. */
export interface Finding {
  code: string;
  message: string;
  fix: string | undefined;
  seen: unknown;
  path: Path;
  on: "key" | "value";
}

/** `environments.production.from[0]`; the whole file is "the top level". */
export function describePath(path: Path): string {
  if (path.length === 0) return "The file";
  const parts = path.map((part) =>
    typeof part === "number"
      ? `[${part}]`
      : /^[\w-]+$/.test(String(part))
        ? `.${String(part)}`
        : `.${JSON.stringify(part)}`,
  );
  return parts.join("").replace(/^\./, "");
}

/** An issue of zod as findings: one per unknown key, those of the likeliest branch of a union. */
export function explainIssue(issue: z.core.$ZodIssue, around: Path = []): Finding[] {
  const path = [...around, ...issue.path];
  const where = describePath(path);
  const seen = issue.input;
  if (issue.code === "unrecognized_keys") {
    const { allowed } = readTold(issue.message);
    return issue.keys.map((key) => ({
      code: "config/unknown-key",
      message: `Unknown key ${JSON.stringify(key)} ${within(path)}.`,
      fix: suggest(key, allowed, "The keys here are"),
      seen: key,
      path: [...path, key],
      on: "key",
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues
      .flatMap((one) => explainIssue(one, path))
      .map((one) => ({ ...one, seen: path.at(-1), on: "key" }));
  }
  if (issue.code === "custom" && issue.params !== undefined) {
    const { code, fix, on } = issue.params as Note;
    const text = typeof seen === "string" ? JSON.stringify(seen) : "";
    const message = issue.message.startsWith("must")
      ? `${where} ${issue.message}${text === "" ? "" : `, but is ${text}`}.`
      : `${where}: ${text === "" ? "" : `${text} `}${issue.message}.`;
    return [{ code, message, fix, seen, path, on: on ?? "value" }];
  }
  if (issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union") {
    if (seen === undefined) return [missing(path, readTold(issue.message).description)];
  }
  if (issue.code === "invalid_union") return explainUnion(issue, path);
  return [wrongValue(issue, path, where)];
}

function within(path: Path): string {
  return path.length === 0 ? "at the top level" : `in ${describePath(path)}`;
}

function missing(path: Path, description: string | undefined): Finding {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1) ?? "");
  const message = `Missing key ${JSON.stringify(key)} ${within(parent)}.`;
  return { code: "config/missing-key", message, fix: description ?? "Add it.", seen: undefined, path, on: "key" };
}

function wrongValue(issue: z.core.$ZodIssue, path: Path, where: string): Finding {
  const { text, own, ...told } = readTold(issue.message);
  const base = { seen: issue.input, path, on: "value" as const };
  if (issue.code === "invalid_type") {
    // What its author says a value must be says more than its type does.
    const stated = own && text.startsWith("must ");
    const wanted = stated ? text : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    const quotable = !stated && issue.expected === "string" && isPlain(issue.input);
    return {
      ...base,
      code: "config/type",
      message: `${where} ${wanted}, but is ${describeValue(issue.input)}.`,
      fix: quotable ? quoteIt : whatToWrite(told, path, issue.input),
    };
  }
  if (issue.code === "invalid_value" && !own) {
    const words = issue.values.map(String);
    const message = `${where} must be ${words.join(" or ")}, but is ${describeValue(issue.input)}.`;
    const fix = words.length === 1 ? `Write ${words[0]}.` : suggest(String(issue.input), words, "Write one of");
    return { ...base, code: "config/value", message, fix };
  }
  if (issue.code === "too_small" && isEmpty(issue.input) && (!own || text === "must not be empty")) {
    const fix = "Give it a value, or remove it.";
    return { ...base, code: "config/value", message: `${where} must not be empty.`, fix };
  }
  if (own && !/^(?:must|is|has)\b/.test(text)) {
    // A sentence such as "Write the value in quotes." says what to do.
    return { ...base, code: "config/value", message: `${where} cannot be ${describeValue(issue.input)}.`, fix: text };
  }
  // Of a list or mapping its kind is not what is wrong.
  const isWhole = issue.code === "custom" && typeof issue.input === "object" && issue.input !== null;
  const but = isWhole ? "" : `, but is ${describeValue(issue.input)}`;
  const message = own ? `${where} ${text}${but}.` : `${where}: ${text}.`;
  return { ...base, code: "config/value", message, fix: told.description ?? lookItUp };
}

/** An example where there is one: what a key means does not say how its value is written. */
function whatToWrite(
  { example, description }: Pick<Told, "example" | "description">,
  path: Path,
  seen: unknown,
): string {
  const key = path.at(-1);
  if (example === undefined) return description ?? lookItUp;
  const line = typeof key === "string" ? `${key}: ${example}` : example;
  return `Write ${line}${seen === null && key !== "environments" ? ", or remove it" : ""}.`;
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding[] {
  // A branch whose first issue is about the value as a whole is of another type: nobody meant that one.
  const isMapping = typeof issue.input === "object";
  const meant = issue.errors.filter(([first]) => {
    const another = first?.code === "invalid_type" || (isMapping && first?.code === "invalid_value");
    return !(another && first.path.length === 0);
  });
  const [best] = meant.toSorted((a, b) => a.length - b.length);
  if (best !== undefined) return best.flatMap((one) => explainIssue(one, path));
  const expected = issue.errors.flatMap(([first]) => (first?.code === "invalid_type" ? [first.expected] : []));
  const names = [...new Set(expected.map((one) => typeNames[one] ?? one))];
  const message = `${describePath(path)} must be ${names.join(" or ")}, but is ${describeValue(issue.input)}.`;
  const fix =
    expected.includes("string") && isPlain(issue.input)
      ? quoteIt
      : whatToWrite(readTold(issue.message), path, issue.input);
  return [{ code: "config/type", message, fix, seen: issue.input, path, on: "value" }];
}

/** A message that is not ours is the schema author's own: it reads after the place, "must be …". */
function readTold(message: string): Told & { own: boolean } {
  if (!message.startsWith("{"))
    return { allowed: [], description: undefined, example: undefined, text: message, own: true };
  return { ...(JSON.parse(message) as Told), own: false };
}

// Not the value: YAML has read 1.10 as 1.1 already.
const quoteIt = "Put it in quotes.";
const lookItUp = "docs/configuration.md says what can stand here.";

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function isEmpty(value: unknown): boolean {
  if (value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const typeNames: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "empty",
};

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  const empty = isEmpty(value) ? "an empty" : "a";
  if (Array.isArray(value)) return `${empty} list`;
  if (typeof value === "object") return `${empty} mapping`;
  return `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value)}`;
}

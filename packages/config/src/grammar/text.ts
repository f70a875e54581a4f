import { UserError } from "@glu/core";
import { z } from "zod";

/** What a check found, as it travels through zod to the message: see explain-issue.ts. */
export interface Note {
  code: string;
  fix?: string | undefined;
  /** Point at the key of the path, not at its value. */
  on?: "key";
}

/** An issue of ours for zod: the message reads after the place, "must be …". */
export function issue(message: string, note: Note, path: PropertyKey[] = []) {
  return { code: "custom" as const, message, path, params: { ...note }, input: undefined };
}

/** What may be written for a schema: the fix of a value of another kind, an empty one first of all. */
export const examples = z.registry<{ example: string }>();

interface TextRules {
  description: string;
  /** A value as the file has it. */
  example?: string;
  /** For the published schema: never stricter than `check`. */
  pattern: RegExp;
  /** Returns what is wrong ("must be …") and what to do; or throws a UserError of the domain. */
  check?: (value: string) => ({ message: string } & Note) | undefined;
}

/** A text with our own messages, whose published schema has a pattern. */
export function text({ description, example, pattern, check }: TextRules): z.ZodString {
  const schema = z
    .string()
    .check((context) => {
      const found = check?.(context.value);
      if (found !== undefined) context.issues.push({ ...issue(found.message, found), input: context.value });
      else if (!pattern.test(context.value)) {
        const note = { code: "config/value", fix: description };
        context.issues.push({ ...issue(`must match ${pattern.source}`, note), input: context.value });
      }
    })
    .meta({ description, pattern: pattern.source });
  return example === undefined ? schema : schema.register(examples, { example });
}

/** What a parser of the domain throws, as a finding. */
export function tried(parse: () => unknown, message: string): ({ message: string } & Note) | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { message, code: error.code.replace(/^input\//, "config/"), fix: error.fix };
  }
}

/** One value or a list of them, read as a list. */
export function oneOrMany<T extends z.ZodType>(one: T, description: string, example: string) {
  const values = z.union([one, z.array(one).min(1, "must not be empty")]).describe(description);
  (values as z.ZodType).register(examples, { example });
  return values.transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value])).describe(description);
}

import { z } from "zod";

/** What is wrong with an option of a gate, as the config's errors tell it: the message reads after the place. */
export interface Mistake {
  code: `config/${string}`;
  /** "must be …" or "is not …". */
  message: string;
  fix: string;
  /** The key that is wrong, when it is not the value as a whole. */
  key?: string;
}

/** A schema of an option with a check of its own, whose fix is told with file, line and column. */
export function checked<T extends z.ZodType>(schema: T, check: (value: z.output<T>) => Mistake | undefined): T {
  return schema.check(({ value, issues }) => {
    // What is wrong inside is told first: the check may stand on the rest.
    if (issues.length > 0) return;
    const found = check(value);
    if (found === undefined) return;
    const { message, key, ...params } = found;
    const at = key === undefined ? { path: [], input: value } : { path: [key], input: (value as never)[key] };
    issues.push({ code: "custom", message, params, ...at });
  });
}

/** One value or several; `.flat()` of a list around it gives them. */
export const oneOrMore = <T extends z.ZodType>(of: T) => z.union([of, z.array(of).min(1, "must not be empty")]);

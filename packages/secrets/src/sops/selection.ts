import { RE2JS } from "re2js";
import { Refusal } from "./refusals.ts";

/** Which values of a file are encrypted; a file has one rule at most. */
export type Rule =
  | { by: "unencrypted_suffix" | "encrypted_suffix"; suffix: string }
  | { by: "unencrypted_regex" | "encrypted_regex"; regex: string }
  | { by: "unencrypted_comment_regex" | "encrypted_comment_regex"; regex: string };

/** Of a file that names none. */
export const usualRule: Rule = { by: "unencrypted_suffix", suffix: "_unencrypted" };

/** Where a value or a comment stands. */
export interface Place {
  /** The keys that lead to it. */
  keys: readonly string[];
  /** Of each map and list that it is in, outermost first: the comments since the value before. */
  comments: readonly (readonly string[])[];
  isComment: boolean;
}

/** @returns whether what stands there is encrypted @throws Refusal where the pattern is none of RE2 */
export function selection(rule: Rule): (place: Place) => boolean {
  switch (rule.by) {
    case "unencrypted_suffix":
      return ({ keys }) => !keys.some((key) => key.endsWith(rule.suffix));
    case "encrypted_suffix":
      return ({ keys }) => keys.some((key) => key.endsWith(rule.suffix));
    case "unencrypted_regex":
    case "encrypted_regex": {
      const matches = matcher(rule.regex);
      const wanted = rule.by === "encrypted_regex";
      return ({ keys }) => keys.some(matches) === wanted;
    }
    case "unencrypted_comment_regex": {
      const matches = matcher(rule.regex);
      return ({ comments }) => !comments.flat().some(matches);
    }
    case "encrypted_comment_regex": {
      const matches = matcher(rule.regex);
      // The comment that says so stays as it is.
      return ({ comments, isComment }) => (isComment ? comments.flat().slice(0, -1) : comments.flat()).some(matches);
    }
  }
}

function matcher(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern);
  return (text) => compiled.matcher(text).find();
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new Refusal("its metadata has a pattern that is none of RE2");
  }
}

import { UserError } from "@glu/core";
import type { Place } from "./places.ts";

/** One thing that is wrong in the config, and where. */
export type Problem = Place & {
  code: string;
  message: string;
  fix?: string | undefined;
  seen?: unknown;
};

const listed = 20;

/**
 * Throws when there is a problem. The first in the file gives the code and the position; several are all listed.
 * @throws UserError with the code of the first problem
 */
export function throwProblems(file: string, problems: readonly Problem[]): void {
  const sorted = problems.map(withoutSecrets).toSorted(byPlace);
  const [first] = sorted;
  if (first === undefined) return;
  const at = { file, ...placeOf(first) };
  if (sorted.length === 1) {
    const fix = first.fix === undefined ? {} : { fix: first.fix };
    throw new UserError(first.code, first.message, { at, seen: first.seen, ...fix });
  }
  const lines = sorted
    .slice(0, listed)
    .map((one) => `  ${nameOf(one)} ${one.message}${one.fix === undefined ? "" : ` ${one.fix}`}`);
  if (sorted.length > listed) lines.push(`  and ${sorted.length - listed} more`);
  throw new UserError(first.code, `${file} has ${sorted.length} errors:\n${lines.join("\n")}`, {
    at,
    seen: first.seen,
    fix: "Correct the places listed.",
    problems: sorted.map((one) => ({ code: one.code, message: one.message, fix: one.fix, ...placeOf(one) })),
  });
}

const placeOf = ({ path, line, column }: Problem) => (path === undefined ? { line, column } : { path });
const nameOf = ({ path, line, column }: Problem) => (path === undefined ? `${line}:${column}` : `${path}:`);

/** As they stand in the file. What has a path stays as it was found. */
function byPlace(a: Problem, b: Problem): number {
  if (a.line === undefined || b.line === undefined) return 0;
  return a.line - b.line || a.column - b.column;
}

/** A URL with credentials is a mistake in any place; the message about it must not repeat them. */
function withoutSecrets(problem: Problem): Problem {
  const hide = (text: string) => text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s"]*@/gi, "$1…@");
  const { message, fix, seen } = problem;
  return {
    ...problem,
    message: hide(message),
    fix: fix === undefined ? undefined : hide(fix),
    // Whole mappings are not repeated: what is wrong in them has a place of its own.
    seen: typeof seen === "string" ? hide(seen) : typeof seen === "object" ? undefined : seen,
  };
}

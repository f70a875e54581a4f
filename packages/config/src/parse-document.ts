import type { z } from "zod";
import { withoutConsequences } from "./grammar/consequences.ts";
import { explainIssue, tellSchema } from "./grammar/explain-issue.ts";
import type { Path, Place } from "./source/places.ts";
import { throwProblems } from "./source/problem.ts";
import { readYaml } from "./source/read-yaml.ts";

/** What a file says, and where it says it. */
export interface ParsedDocument<T> {
  value: T;
  /** Line and column of a path, both 1-based. */
  placeOf(path: Path): Place;
}

/**
 * A YAML or JSON file by a schema, its mistakes told as those of the config: JSON is YAML.
 * @throws UserError `config/…` with file, line and column of the first mistake, what was seen and the fix
 */
export function parseDocument<Schema extends z.ZodType>(
  { file, text }: { file: string; text: string },
  schema: Schema,
): ParsedDocument<z.output<Schema>> {
  const read = readYaml(text);
  if (read.kind === "bad") {
    throwProblems(file, read.problems);
    throw new Error("a bad file without a problem");
  }
  const { data, places } = read;
  const result = schema.safeParse(data, { error: tellSchema, reportInput: true });
  if (result.success) return { value: result.data, placeOf: (path) => places.key(path) };
  const findings = withoutConsequences(result.error.issues.flatMap((issue) => explainIssue(issue)));
  throwProblems(
    file,
    findings.map(({ path, on, ...finding }) => ({ ...finding, ...places[on](path) })),
  );
  throw new Error("a parse that failed without an issue");
}

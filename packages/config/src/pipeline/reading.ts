import type { AnyGate, Editor } from "@glu/core";
import type { Finding } from "../grammar/explain-issue.ts";
import type { Parsed } from "../grammar/grammar.ts";
import type { Path, Places } from "../source/places.ts";

/** The file while its parts are put together: what was parsed, where it stands, and what was found wrong so far. */
export interface Reading {
  file: string;
  parsed: Parsed;
  places: Places;
  editors: readonly Editor[];
  gates: readonly AnyGate[];
  findings: Finding[];
}

/** Notes that something is wrong at a path; reading goes on, so that all is told at once. */
export function report(
  reading: Reading,
  path: Path,
  code: string,
  message: string,
  fix: string,
  more: Partial<Pick<Finding, "seen" | "on">> = {},
): void {
  reading.findings.push({ path, code, message, fix, seen: more.seen, on: more.on ?? "value" });
}

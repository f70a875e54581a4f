import type { Annotation, Report as HostReport } from "@glu/hosts";
import type { PageReport, Report } from "@glu/report";

/** What a command has to say, before any host has said it. */
export interface Outcome {
  exitCode: number;
  /** Outputs of the action and the component, by their kebab-case names. */
  outputs: Readonly<Record<string, string>>;
  /** Undefined: there is nothing to show but the notices. */
  report: Report | undefined;
  notices: readonly string[];
  /** What a job shows beside files and lines, of a report that has no annotations of its own. */
  annotations?: readonly Annotation[];
  /** The same as a drawing alone, of a command that draws: what draws is loaded by it. */
  drawing?: HostReport["drawing"];
}

/** The outcome of a command that only answers. */
export function answer(report: Report | undefined, exitCode = 0): Outcome {
  return { exitCode, outputs: {}, report, notices: [] };
}

/** The answer of a command that needs no report of its own: a sentence and a table. */
export function page(report: Omit<PageReport, "kind">, exitCode = 0): Outcome {
  return answer({ kind: "page", ...report }, exitCode);
}

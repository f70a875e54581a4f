import type { Report } from "@glu/report";

/** What a command has to say, before any host has said it. */
export interface Outcome {
  exitCode: number;
  /** Outputs of the action and the component, by their kebab-case names. */
  outputs: Readonly<Record<string, string>>;
  /** Undefined: there is nothing to show but the notices. */
  report: Report | undefined;
  notices: readonly string[];
}

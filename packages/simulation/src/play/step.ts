import type { Decision, GluError, Result, Timestamp } from "@glu/core";

/** What became of one app in one environment. */
export interface Move {
  app: string;
  environment: string;
  /** The version that it is about; undefined where none is. */
  version: string | undefined;
  /**
   * Beside the results of decisions: what a run left alone, a value changed past Glu, a hold that has ended; and what
   * became of a release that is verified.
   */
  result: Result | "passed-over" | "drifted" | "expired" | "synced" | "healthy" | "failed";
  /** One sentence. */
  why: string;
  /** When it clears by itself, as far as that is known. */
  until: Timestamp | undefined;
  /** The decision that it comes from, with its gates. */
  decision: Decision | undefined;
}

/** One moment of the timeline: something happened, or a run moved something. */
export interface Step {
  at: Timestamp;
  /** What happened: an event in words, or a run. */
  what: string;
  /** Index of the event in the file; undefined: a scheduled run. */
  event: number | undefined;
  moves: Move[];
  /** Why the event came to nothing. */
  error: GluError | undefined;
}

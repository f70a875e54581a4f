import type { GluError } from "../errors.ts";
import type { Artifact } from "./artifact.ts";
import type { AppName, ArtifactId, EnvName, RequestId, Sha, Timestamp } from "./names.ts";
import type { GateOverride, Pin, Release, ReleaseRecord } from "./record.ts";

/** "App A in environment E shall be artifact X". */
export interface Intent {
  app: AppName;
  environment: EnvName;
  artifact: Artifact;
  /** Asked for by name, not started by a policy. */
  explicit: boolean;
  /** Nobody named the artifact, or did before it was rejected: a reason that was given is none to run it all the same. */
  unaware?: true;
  request: RequestId;
  /** It goes back to what ran before. */
  rollback?: RollbackIntent;
}

/** What a rollback is about. */
export interface RollbackIntent {
  /** The release that it goes back to; absent where it was carried out before. */
  to?: Release;
  /** The releases that it undoes, newest first. */
  undoes: readonly Release[];
  /** By how far back it is, or as the last healthy one: nobody named its artifact. */
  relative?: true;
  /** What it undoes failed, and the config wants that undone: nobody asked for it. */
  afterFailure?: true;
  /** The record as the history has it, where the tip has lost it. */
  lost?: ReleaseRecord;
}

export type { GateOverride };

/** What an unmet gate does to the intent, worst first. */
export const gateOutcomes = ["refused", "held", "superseded"] as const;
export type GateOutcome = (typeof gateOutcomes)[number];

/** One gate, evaluated: why not, since when, who or what can clear it, when it clears by itself. */
export interface GateResult {
  name: string;
  met: boolean;
  /** What it does when unmet. */
  outcome: GateOutcome;
  /** What was seen, one sentence without the gate's name: "is pinned at 2026…: incident 42". */
  seen: string;
  /** Stable code of the reason when unmet, e.g. `pin/held`, `order/older`. */
  code?: string;
  since?: Timestamp;
  /** Who or what can clear it: "glu unpin frontend production". */
  clearedBy?: string;
  /** When it clears by itself. */
  clearsAt?: Timestamp;
  /** The end of what a program printed, in lines: text of others. */
  output?: string;
  /** The web page of what was looked at, such as a test run. */
  url?: string;
  /** It was not met, and people passed it: `met` is true then. */
  override?: GateOverride;
}

/**
 * From worst to best; the run's result is the worst of its intents'. `failed`: something that is released did not pass its
 * verification, which is no result of an intent. `none`: there was nothing to decide.
 */
export const results = [
  "failed",
  "refused",
  "held",
  "proposed",
  "promoted",
  "superseded",
  "unchanged",
  "planned",
  "none",
] as const;
export type RunResult = (typeof results)[number];
export type Result = Exclude<RunResult, "none" | "failed">;

/** A change of one file, before and after, for the diff. Absent: the file did not or does not exist. */
export interface FileChange {
  path: string;
  before: Uint8Array | undefined;
  after: Uint8Array | undefined;
}

/** The decision on one intent. The same structure feeds summary, CLI, plan and JSON. */
export interface Decision {
  intent: Intent;
  result: Result;
  /** One sentence: why this result. */
  reason: string;
  gates: GateResult[];
  /** What runs there now, before this decision. */
  previous: Release | undefined;
  /** The release it made, would make (`planned`), or made earlier under the same request. */
  release: Release | undefined;
  /** The commit that carries it. */
  commit: Sha | undefined;
  /** True when the same request had already been carried out: result and commit are the original ones. */
  repeated: boolean;
  /** The pull or merge request that brings it. */
  proposal?: { number: number; url: string };
  /** What holds it there from then on: a rollback pins what it goes back to. */
  pin?: Pin;
  /** The declared files it changes; records are not listed. */
  changes: FileChange[];
}

/** An app and environment that was looked at and left alone, and why; nothing is silently skipped. */
export interface PassedOver {
  app: AppName;
  environment: EnvName;
  artifact: ArtifactId | undefined;
  reason: string;
}

/** An app and environment of which nothing could be decided, and why. The others are decided all the same. */
export interface Undecided {
  app: AppName;
  environment: EnvName;
  error: GluError;
}

/** The worst result, or `none`. */
export function worst(all: readonly RunResult[]): RunResult {
  return results.find((result) => all.includes(result)) ?? "none";
}

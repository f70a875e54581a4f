import type { FileChange } from "../model/decision.ts";
import type { AppName, EnvName, RequestId, Sha } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import type { Actor, Freeze, Pin, Release } from "../model/record.ts";
import type { Identity } from "../ports/config-repository.ts";
import type { Undoing } from "./undo-writes.ts";

/** What is asked for. */
export interface RemoveRequest {
  app: AppName;
  environment: EnvName;
  reason: string | undefined;
  actor: Actor;
  request: RequestId;
  /** The id was given by whoever asks, so it may have been used before. */
  repeatable: boolean;
  /** Say what would happen, write nothing. */
  plan: boolean;
  /** Files that nobody else writes go whole, also where they were there before. */
  files: boolean;
  /** Values that were changed by hand since are undone, too. */
  overwrite: boolean;
  /** What is passed though it holds: `pin`, `freeze`. */
  override: readonly string[];
  /** Written to the branch at once, also where changes are proposed. */
  directly: boolean;
  author: Identity | undefined;
}

/** `unchanged`: it was taken out before, by another request. */
export interface RemoveResult {
  result: "removed" | "planned" | "unchanged";
  commit: Sha | undefined;
  /** This request did it before. */
  repeated: boolean;
  /** What ran there. */
  release: Release | undefined;
  values: Undoing[];
  changes: FileChange[];
}

/** What holds a place, and what the config says of it; undefined: it is declared no more. */
export interface Standing {
  app: App | undefined;
  environment: Environment | undefined;
  pin: Pin | undefined;
  freezes: readonly Freeze[];
}

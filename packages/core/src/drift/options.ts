import type { GluError } from "../errors.ts";
import type { FrozenOnSchedule } from "../gates/window.ts";
import type { AppName, EnvName, Sha, Timestamp } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Freeze, Pin } from "../model/record.ts";
import type { OverviewPorts } from "../overview/status.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import type { Logger } from "../ports/logger.ts";
import type { CommitStatus, Statuses } from "../ports/statuses.ts";
import type { AskingForMerges } from "../propose/merged-proposal.ts";

/** Where to look for what was changed past Glu. */
export interface DriftRequest {
  /** Names; empty: all. */
  apps: readonly string[];
  environments: readonly string[];
  /**
   * The commit before those to look at: then only places count that they touch, and each commit is looked at for
   * records, pins and freezes that were changed by hand. Undefined: every place as it stands now.
   */
  since: string | undefined;
  /** `since` was asked for: that it is not in the history is an error then, and else a reason to look at everything. */
  sinceIsAsked: boolean;
}

export interface DriftPorts extends OverviewPorts {
  editors: readonly Editor[];
  /** To ask whether a record came by a proposal. */
  proposing: AskingForMerges["proposing"];
  /** To ask what the status of a proposal said when it was merged. */
  statuses: { of(repository: ConfigRepository): Pick<Statuses, "read"> };
  logger: Logger;
}

/** The commit that made a change. Author and subject are what the commit says: nobody vouches for them. */
export interface ChangedBy {
  commit: Sha;
  committedAt: Timestamp;
  author: string;
  subject: string;
  /** It carries a request of Glu's. */
  byGlu: boolean;
}

/** The status of a proposal that somebody merged all the same. */
export interface UnmetStatus {
  /** Such as `glu/production`. */
  context: string;
  state: Exclude<CommitStatus["state"], "success">;
  /** What it said. */
  reason: string;
  until: undefined;
}

/**
 * A hold that was in force when a change was made past it; `scheduled`: a freeze of the config; `status`: what a
 * proposal was marked with when it was merged, by gates that were not met.
 */
export type HeldBy =
  | { kind: "pin"; hold: Pin }
  | { kind: "freeze"; hold: Freeze }
  | { kind: "scheduled"; hold: FrozenOnSchedule }
  | { kind: "status"; hold: UnmetStatus };

interface FindingBase {
  /** Undefined of a freeze, which is of no app, and of everything. */
  app: AppName | undefined;
  environment: EnvName | undefined;
  path: string;
  /** 1-based, where the place is in the file as it stands now. */
  line: number | undefined;
  /** Undefined: history as far as it was read does not tell. */
  by: ChangedBy | undefined;
  /** What it was made past: with any, it is a violation. */
  past: HeldBy[];
}

/** What a change by hand did to a document of Glu's. */
export type DocumentChange = "added" | "changed" | "removed" | "restored";

/**
 * - `value`: a file does not say what the record says; `found` is undefined when the value is not there, or nobody can
 *   read the file any more; `fileGone` when there is no such file.
 * - `document`: a record, pin or freeze was changed by a commit that does not carry its request. `restored`: a record
 *   stands as it stood before, as after a revert.
 * - `unreadable`: a record that nobody can read.
 */
export type DriftFinding = FindingBase &
  (
    | { kind: "value"; selector: string; recorded: string; found: string | undefined; fileGone: boolean }
    | { kind: "document"; document: "record" | "pin" | "freeze"; change: DocumentChange }
    | { kind: "unreadable"; why: string; fix: string | undefined }
  );

/** `violation`: something was changed past a pin or freeze, or merged past the status of a proposal. */
export type DriftOutcome = "violation" | "drifted" | "clean";

export interface DriftResult {
  result: DriftOutcome;
  findings: DriftFinding[];
  looked: {
    /** Places whose files were compared with their records. */
    places: number;
    /** Places that have no record, so nothing can be said of them. */
    unrecorded: number;
    /** The commits that were looked at; undefined: everything was looked at as it stands. */
    commits: number | undefined;
  };
  /** Places that could not be looked at, and why. */
  unread: { app: AppName; environment: EnvName; error: GluError }[];
  notices: string[];
  pipeline: Pipeline;
}

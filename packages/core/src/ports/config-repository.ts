import type { RefName, RepoPath, Sha, Timestamp } from "../model/names.ts";
import type { ApiUse } from "./api-calls.ts";
import type { ProposalBranches } from "./proposal-branches.ts";

export type Bytes = Uint8Array;

/** A file at a commit. Submodules and symbolic links have no content that may be edited. */
export interface FileAt {
  kind: "file" | "symlink" | "submodule";
  executable: boolean;
  content: Bytes;
}

export interface EntryAt {
  name: string;
  kind: "file" | "folder" | "symlink" | "submodule";
}

/** One commit of the config repository; every read sees this commit only. */
export interface Snapshot {
  readonly commit: Sha;
  readonly branch: RefName;
  readonly committedAt: Timestamp;
  /** The files that exist among `paths`, all in as few round trips as the way allows. Absent ones are not in the map. */
  read(paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>>;
  /** What lies in a folder (`""` is the root); undefined when there is no such folder. Cached with the snapshot. */
  list(folder: RepoPath | ""): Promise<readonly EntryAt[] | undefined>;
  /** Commits from this one backwards along first parents, newest first, at most `limit`. */
  log(limit: number): Promise<readonly LogEntry[]>;
  /** The branch as it was at a commit that `log` has told. */
  at(commit: Sha): Promise<Snapshot>;
}

export interface LogEntry {
  commit: Sha;
  committedAt: Timestamp;
  authorName: string;
  /** The whole message, trailers included. */
  message: string;
  /** The tips that it merged: its parents after the first. */
  merged: readonly Sha[];
}

export interface Identity {
  name: string;
  email: string;
}

/** `content: undefined` deletes. */
export interface Change {
  path: RepoPath;
  content: Bytes | undefined;
  executable?: boolean;
}

export interface Commit {
  message: string;
  author?: Identity;
  changes: readonly Change[];
}

export type Committed = { kind: "committed"; commit: Sha };
/** The branch has moved; nothing was written. */
export type Lost = { kind: "lost" };

/** What the way cost so far, for the summary. Unknown figures are absent. */
export interface Cost {
  way: string;
  requests?: number;
  bytesReceived?: number;
  milliseconds?: number;
  /** What was asked of the APIs of forges beside it. */
  api?: readonly ApiUse[];
}

/**
 * The repository and branch whose content is what runs.
 * Errors (`OutsideError`, `UserError`) have codes `repository/…`: `unreachable`, `unauthorised`, `not-found`,
 * `no-branch`, `read-only`, `protected`, `rejected` (with the server's words).
 */
export interface ConfigRepository {
  /** For messages and links: URL or path, never with credentials. */
  readonly location: string;
  readonly branch: RefName;
  /** Where changes of it are proposed. */
  readonly proposals: ProposalBranches;
  /** Opens the tip of the branch; later reads of the snapshot see this commit only. */
  open(): Promise<Snapshot>;
  /**
   * Puts one commit on top of `onto` as a compare-and-swap. `lost` when the branch has moved; never overwrites.
   * When the outcome of the push is unclear, the ref is read again: our own commit there means `committed`.
   */
  commit(onto: Snapshot, commit: Commit): Promise<Committed | Lost>;
  cost(): Cost;
  /** Removes temporary files. */
  [Symbol.asyncDispose](): Promise<void>;
}

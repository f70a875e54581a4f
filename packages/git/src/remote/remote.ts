import type { Bytes, Clock, Cost, Identity, LogEntry, RefName, RepoPath, Sha, Timestamp } from "@glu/core";
import type { CallerConfig } from "../commits/caller-config.ts";
import type { TreeEntry } from "../objects/tree.ts";
import type { Credentials } from "../process/authorization.ts";
import type { Environment } from "../process/environment.ts";

export interface GitRemoteOptions {
  /** URL, `git@host:path` or path. Never with credentials. */
  location: string;
  env: Environment;
  /** An existing or new folder for temporary files. */
  temp: string;
  clock: Clock;
  /** For HTTP(S). Without them Git's own helpers and SSH's keys serve. */
  credentials?: Credentials;
  /** What a relative path is relative to; default the process's folder. */
  cwd?: string;
  /** Git's configuration in `cwd`, where it is read for other things too. */
  callerConfig?: CallerConfig;
}

/** The commit that a ref pointed to when it was fetched; of an annotated tag the commit that it names. */
export interface Tip {
  commit: Sha;
  tree: Sha;
  committedAt: Timestamp;
}

/** A file of a new commit. */
export interface NewFile {
  path: RepoPath;
  /** `undefined` deletes. */
  content: Bytes | undefined;
  executable: boolean;
}

/** A commit to put on a tip. */
export interface NewCommit {
  /** Absent for the first commit of a chain. */
  parent?: Sha;
  author?: Identity;
  message: string;
  files: readonly NewFile[];
  /** What the ref must point to, where that is not the parent; null: there must be no such ref. */
  replaces?: Sha | null;
  /** The message ends with a digest of what is made. */
  isSealed?: boolean;
}

/** What the ref of a commit must point to before it is pushed; undefined: there must be no such ref. */
export function expectedOf({ parent, replaces }: NewCommit): Sha | undefined {
  return replaces === undefined ? parent : (replaces ?? undefined);
}

/** A commit of the history, with its tree and its author. */
export interface LoggedCommit extends LogEntry {
  tree: Sha;
  author: Identity;
}

/** A ref, and the commit that it points to. */
export interface RefAt {
  ref: RefName;
  id: Sha;
}

/** What HEAD names, and what refs point to. */
export interface Listed {
  /** Undefined: HEAD names no branch that exists. */
  head: RefAt | undefined;
  refs: ReadonlyMap<RefName, Sha>;
}

/** An entry of a tree, with its content where it is a file. */
export interface ReadEntry extends TreeEntry {
  content: Bytes | undefined;
}

/**
 * One remote Git repository without a clone: fetch a tip, read what lies in it, put a commit on top of it. The config
 * repository and the artifact store stand on it; there are two ways to do it, by the git binary and by the wire.
 * `ref` says in each call whose tip is read: a way that lacks an object may have to ask for that tip again.
 */
export interface Remote extends AsyncDisposable {
  /** URL or path, without credentials. */
  readonly location: string;
  /** Refs that will probably be read as well: a way may look at them together with the first one. */
  expect(refs: readonly RefName[]): void;
  /** Resolves when the first question has left for the server; at once where that cannot be told. */
  asked(): Promise<void>;
  /**
   * The branch that the server's HEAD names.
   * @throws UserError `repository/no-branch` when it names none that exists
   */
  defaultBranch(): Promise<RefName>;
  /**
   * What HEAD and refs point to now, all in one request. The first look at the tip of one of them may believe it.
   * @param refs full names, or folders of refs that end with a slash
   */
  list(refs: readonly string[]): Promise<Listed>;
  /** Creates refs at commits that are there, and removes others as long as they point to what is said. */
  point(create: readonly RefAt[], remove: readonly RefAt[]): Promise<void>;
  /** The tip of a ref as it is now; undefined when there is no such ref. */
  fetchTip(ref: RefName): Promise<Tip | undefined>;
  /**
   * The tips of many refs as they are now, with all that lies at them: for what is small, and read whole. Undefined
   * where there is no such ref; what is no commit is left out. The requests do not grow with the refs.
   */
  fetchTips(refs: readonly RefName[]): Promise<ReadonlyMap<RefName, Tip | undefined>>;
  /** The entries that exist among `paths` under a root tree. */
  find(root: Sha, paths: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>>;
  /**
   * The same with the files' contents.
   * @param together folders that are small and of which much is read: a way may take each of them whole
   */
  read(
    root: Sha,
    paths: readonly RepoPath[],
    ref: RefName,
    together?: ReadonlySet<RepoPath>,
  ): Promise<Map<RepoPath, ReadEntry>>;
  /** All below folders that exist under a root tree, but no folders; small ones, which a way may take whole. */
  below(root: Sha, folders: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>>;
  /** The entries of trees by name. */
  trees(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>>;
  /** An older commit of the ref, one that `log` has told, with its trees. */
  fetchCommit(commit: Sha, ref: RefName): Promise<Tip>;
  /** At most `limit` commits backwards along first parents. */
  log(commit: Sha, limit: number, ref: RefName): Promise<LoggedCommit[]>;
  /**
   * Points the ref to a new commit as a compare-and-swap: on its parent, unless it says what it replaces. Undefined when
   * somebody else was first.
   */
  commit(ref: RefName, commit: NewCommit): Promise<Sha | undefined>;
  cost(): Cost;
}

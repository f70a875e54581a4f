import type { Identity } from "./config-repository.ts";

export interface SourceCommit {
  sha: string;
  author: Identity;
  committer: Identity;
  /** RFC 3339. */
  committedAt: string;
  message: string;
}

/** The app's working copy, where there is one. Every answer may be unknown. */
export interface SourceRepository {
  /**
   * A commit (default: the checked-out one).
   * @throws GluError `repository/…` when it is not here and may not be read where it is
   */
  commit(sha?: string): Promise<SourceCommit | undefined>;
  branch(): Promise<string | undefined>;
  /** `owner/name` and URL of the remote, without credentials. */
  remote(): Promise<{ name: string; url: string } | undefined>;
  /** Who works here, by Git's configuration. */
  user(): Promise<string | undefined>;
  /** Whether `ancestor` is one of `descendant`; undefined where that cannot be read (shallow, another repository). */
  isAncestor(ancestor: string, descendant: string): Promise<boolean | undefined>;
  /** Those of `commits` that are an ancestor of another of them, as far as that can be read: one question for them all. */
  ancestorsAmong(commits: readonly string[]): Promise<readonly string[]>;
  /**
   * The commits that `to` has and `from` has not, newest first: at most `limit` of `total`. Undefined where that cannot
   * be read.
   */
  commitsBetween(
    from: string,
    to: string,
    limit: number,
  ): Promise<{ commits: readonly SourceCommit[]; total: number } | undefined>;
}

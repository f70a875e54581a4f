import { createHash } from "node:crypto";
import type { RefName, RepoPath, Sha } from "../model/names.ts";
import type { Commit, Committed, Lost, Snapshot } from "./config-repository.ts";

/** The newest commit of a branch that carries a proposal. */
export interface ProposedCommit {
  commit: Sha;
  /** The whole message, trailers included. */
  message: string;
  /** Whether its files and its message are as Glu put them there: false for a commit of somebody else, or one that was amended. */
  byGlu: boolean;
}

export interface ProposedChange {
  /** The snapshot of the branch that the proposal is to be merged into. */
  onto: Snapshot;
  commit: Commit;
  /** What the branch points to now; undefined: there must be no such branch. */
  replaces: Sha | undefined;
}

/** What a commit would bring into the config branch, were it merged. */
export interface Brings {
  head: Snapshot;
  /** Whether the files and the message of the head are as Glu put them there. */
  byGlu: boolean;
  /** Where it left the config branch. */
  base: Snapshot;
  /** Files that it adds, changes or removes since then. */
  paths: ReadonlySet<RepoPath>;
}

/**
 * Branches beside the config branch that carry one commit each, on top of a commit of the config branch. Their errors
 * are those of `ConfigRepository`.
 */
export interface ProposalBranches {
  /** Undefined when there is no such branch. */
  read(branch: RefName): Promise<ProposedCommit | undefined>;
  /**
   * Points the branch to one commit on top of `onto`, as a compare-and-swap. `lost` when it points elsewhere than
   * `replaces` says; then nothing was written.
   */
  write(branch: RefName, change: ProposedChange): Promise<Committed | Lost>;
  /** The branches below a folder of branches, such as `refs/heads/glu/`, and what they point to. */
  list(folder: string): Promise<ReadonlyMap<RefName, Sha>>;
  /**
   * What would come with any branch or ref. Undefined when there is no such ref.
   * @param onto the tip of the config branch
   * @throws UserError `repository/unrelated` when no commit of the config branch is found in its history
   */
  brings(ref: RefName, onto: Snapshot): Promise<Brings | undefined>;
  /** Removes the branch as long as it points to `at`. */
  remove(branch: RefName, at: Sha): Promise<void>;
}

/** The trailer of a proposed commit, which tells it from one of somebody else. */
export const sealTrailer = "Glu-Seal";

/** The message of a proposed commit: the trailer comes last, so that nothing in the message can stand for it. */
export const sealed = (message: string, tree: Sha): string =>
  `${message.replace(/\n*$/, "\n")}${sealOf(linesOf(message), tree)}\n`;

/** Whether a commit's files and words are those that it was {@link sealed} with. */
export function isSealed(message: string, tree: Sha): boolean {
  const lines = linesOf(message);
  return lines.pop() === sealOf(lines, tree);
}

/** A server may end lines in another way. */
const linesOf = (message: string): string[] => message.trimEnd().split(/\s*\n/);

const sealOf = (lines: readonly string[], tree: Sha): string =>
  `${sealTrailer}: ${createHash("sha256")
    .update([tree, ...lines].join("\n"))
    .digest("hex")}`;

import { createHash } from "node:crypto";
import type { RefName, RepoPath, Sha } from "../model/names.ts";
import type { Commit, Committed, Identity, Lost, Snapshot } from "./config-repository.ts";

/** The newest commit of a branch that carries a proposal. */
export interface ProposedCommit {
  commit: Sha;
  /** The whole message, trailers included. */
  message: string;
  /** Whether its files, message and author are as Glu put them there: false for a commit of somebody else, or one that was amended. */
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
  /** Whether the files, the message and the author of the head are as Glu put them there. */
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
export const sealed = (message: string, tree: Sha, author: Identity): string =>
  `${message.replace(/\n*$/, "\n")}${sealOf([tree, authorLine(author), ...linesOf(message)])}\n`;

/**
 * Whether a commit's files, words and author are those that it was {@link sealed} with. Who committed it, and when, may
 * be another: forges do that when they move a commit.
 */
export function isSealed(message: string, tree: Sha, author: Identity): boolean {
  const lines = linesOf(message);
  const seal = lines.pop();
  // Proposals may be open that were sealed without an author. A seal that was made with one never matches as such.
  return seal === sealOf([tree, authorLine(author), ...lines]) || seal === sealOf([tree, ...lines]);
}

/** Git takes these off the ends of names and addresses in one way to commit, and keeps them in another. */
const dropped = /^[\s.,:;<>"\\']+|[\s.,:;<>"\\']+$/g;

function authorLine({ name, email }: Identity): string {
  const [who, at] = [name, email].map((text) => text.replace(/[\p{Cc}<>]/gu, " ").replace(dropped, ""));
  return `author ${who || "unknown"} <${at}>`;
}

/** A server may end lines in another way. */
const linesOf = (message: string): string[] => message.trimEnd().split(/\s*\n/);

const sealOf = (parts: readonly string[]): string =>
  `${sealTrailer}: ${createHash("sha256").update(parts.join("\n")).digest("hex")}`;

import type { Commit, Committed, ConfigRepository, Cost, Lost, ProposalBranches, RefName, Snapshot } from "@glu/core";
import { shortRef, UserError } from "@glu/core";
import { takeRemote } from "../remote/open-remote.ts";
import type { GitRemoteOptions, Remote } from "../remote/remote.ts";
import { gitProposalBranches } from "./git-proposal-branches.ts";
import { GitSnapshot } from "./git-snapshot.ts";
import { newFiles } from "./new-files.ts";

export interface GitConfigRepositoryOptions extends GitRemoteOptions {
  /** One that is lent, and stays open: the same repository may hold artifacts as well. */
  remote?: Remote;
  /** The server's default branch when it is left out. */
  branch?: RefName | undefined;
}

/**
 * The config repository in Git: no clone and no working tree, so its cost hardly grows with the repository. By the wire
 * where that fits; by the git binary over SSH, at local paths, where commits are signed, and for SHA-256 repositories.
 * @throws UserError `repository/location` or `repository/credentials-in-url`; the server is asked at `open()` only
 */
export async function openConfigRepository(options: GitConfigRepositoryOptions): Promise<ConfigRepository> {
  const { remote, close } = await takeRemote(options);
  return new GitConfigRepository(options.branch, remote, close);
}

class GitConfigRepository implements ConfigRepository {
  readonly location: string;
  readonly proposals: ProposalBranches;
  readonly #remote: Remote;
  readonly #close: () => Promise<void>;
  #branch: RefName | undefined;

  constructor(branch: RefName | undefined, remote: Remote, close: () => Promise<void>) {
    this.#close = close;
    this.#branch = branch;
    this.#remote = remote;
    this.location = remote.location;
    this.proposals = gitProposalBranches(remote);
  }

  /** Until the default branch has been asked for, it is called HEAD. */
  get branch(): RefName {
    return this.#branch ?? ("HEAD" as RefName);
  }

  async open(): Promise<Snapshot> {
    const branch = this.#branch ?? (await this.#remote.defaultBranch());
    this.#branch = branch;
    const tip = await this.#remote.fetchTip(branch);
    if (tip !== undefined) return new GitSnapshot(this.#remote, branch, tip);
    throw new UserError("repository/no-branch", `${this.location} has no branch ${shortRef(branch)}.`, {
      seen: shortRef(branch),
      fix: "Check 'ref'. A new repository needs a first commit: push one with a README to that branch.",
    });
  }

  async commit(onto: Snapshot, commit: Commit): Promise<Committed | Lost> {
    refuseTag(this.branch);
    const files = await newFiles(onto, commit.changes);
    const { message, author } = commit;
    const built = await this.#remote.commit(this.branch, {
      parent: onto.commit,
      message,
      files,
      ...(author && { author }),
    });
    return built === undefined ? { kind: "lost" } : { kind: "committed", commit: built };
  }

  cost(): Cost {
    return this.#remote.cost();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

/** A tag is read like a branch, and says what was: nothing is written to it. */
function refuseTag(ref: RefName): void {
  if (!ref.startsWith("refs/tags/")) return;
  throw new UserError("repository/tag", `${ref} is a tag, which is read and not written.`, {
    seen: ref,
    fix: "Name a branch with 'ref'.",
  });
}

import type { Commit, Committed, ConfigRepository, Cost, Lost, RefName, Snapshot } from "@glu/core";
import { checkChanges, pathsToCheck, shortRef, UserError } from "@glu/core";
import type { ImportFile } from "../remote/fast-import.ts";
import type { GitRemoteOptions } from "../remote/git-commands.ts";
import { GitRemote } from "../remote/git-remote.ts";
import { GitSnapshot } from "./git-snapshot.ts";

export interface GitConfigRepositoryOptions extends GitRemoteOptions {
  branch: RefName;
}

/**
 * The config repository by the git binary: no clone and no working tree, so its cost hardly grows with the repository.
 * Serves HTTP(S), SSH and local paths, signs when Git is configured to, and reads SHA-256 repositories.
 * @throws UserError `repository/location` or `repository/credentials-in-url`; the server is asked at `open()` only
 */
export async function openConfigRepository(options: GitConfigRepositoryOptions): Promise<ConfigRepository> {
  return new GitConfigRepository(options.branch, await GitRemote.open(options));
}

class GitConfigRepository implements ConfigRepository {
  readonly location: string;
  readonly branch: RefName;
  readonly #remote: GitRemote;

  constructor(branch: RefName, remote: GitRemote) {
    this.branch = branch;
    this.#remote = remote;
    this.location = remote.location;
  }

  async open(): Promise<Snapshot> {
    const tip = await this.#remote.fetchTip(this.branch);
    if (tip !== undefined) return new GitSnapshot(this.#remote, this.branch, tip);
    throw new UserError("repository/no-branch", `${this.location} has no branch ${shortRef(this.branch)}.`, {
      seen: shortRef(this.branch),
      fix: "Check 'ref'. A new repository needs a first commit: push one with a README to that branch.",
    });
  }

  async commit(onto: Snapshot, commit: Commit): Promise<Committed | Lost> {
    if (!(onto instanceof GitSnapshot)) throw new Error("The snapshot is of another repository.");
    refuseTag(this.branch);
    const entries = await onto.entries(pathsToCheck(commit.changes));
    checkChanges(commit.changes, (path) => entries.get(path)?.kind);
    const files: ImportFile[] = commit.changes.map(({ path, content, executable }) => ({
      path,
      content,
      executable: executable ?? entries.get(path)?.executable ?? false,
    }));
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
    return { way: "git", milliseconds: Math.round(this.#remote.networkMilliseconds) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remote[Symbol.asyncDispose]();
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

import {
  type Commit,
  type Committed,
  type ConfigRepository,
  type Cost,
  checkChanges,
  foldersAbove,
  type Logger,
  type Lost,
  type ProposalBranches,
  pathsToCheck,
  type RefName,
  type RepoPath,
  type Sha,
  type Snapshot,
  shortRef,
  UserError,
} from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { notCarried } from "./carries.ts";
import { createCommit } from "./create-commit.ts";
import { kindOf } from "./git-objects.ts";
import { githubProposalBranches } from "./github-proposal-branches.ts";
import { GithubReading, NotByApi } from "./github-reading.ts";
import { GithubSnapshot } from "./github-snapshot.ts";
import { at, type Wanted } from "./read-objects.ts";

export interface GithubConfigRepositoryOptions {
  asking: AskingWithToken;
  /** For messages and links: the URL of the repository. */
  location: string;
  /** The default branch when it is left out. */
  branch?: RefName | undefined;
  /** What will probably be read: it is asked for with the tip. A folder is taken with what lies in it. */
  ahead?: { files: readonly RepoPath[]; folders: readonly RepoPath[] };
  logger: Logger;
  /** The same repository and branch by Git, opened when it is needed: for what the API cannot carry. */
  byGit(branch: RefName | undefined): Promise<ConfigRepository>;
}

/** What was read is asked for together with the next tip, so much of it. */
const mostAhead = 60;

/**
 * The config repository by GitHub's API alone: one query reads the tip with what is known ahead, one mutation,
 * `createCommitOnBranch` with `expectedHeadOid`, puts a commit on it that GitHub signs
 * (https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch). What the API cannot carry goes by Git,
 * with a notice that says why.
 */
export class GithubConfigRepository implements ConfigRepository {
  readonly location: string;
  readonly proposals: ProposalBranches;
  readonly #options: GithubConfigRepositoryOptions;
  readonly #reading: GithubReading;
  /** Read before: in order of their first time. */
  readonly #seen = new Set<RepoPath>();
  readonly #noticed = new Set<string>();
  #branch: RefName | undefined;
  #git: Promise<ConfigRepository> | undefined;
  #opened: ConfigRepository | undefined;

  constructor(options: GithubConfigRepositoryOptions) {
    this.#options = options;
    this.location = options.location;
    this.#branch = options.branch;
    this.#reading = new GithubReading(options.asking, options.location);
    this.proposals = githubProposalBranches(this.#reading, (why) => this.#byGit(why));
  }

  /** Until the default branch has been asked for, it is called HEAD. */
  get branch(): RefName {
    return this.#branch ?? ("HEAD" as RefName);
  }

  async open(): Promise<Snapshot> {
    let tip: Awaited<ReturnType<GithubReading["tip"]>>;
    try {
      tip = await this.#reading.tip(this.#branch, this.#ahead());
    } catch (error) {
      if (!(error instanceof NotByApi)) throw error;
      const git = await this.#byGit(error.message);
      const opened = await git.open();
      this.#branch = opened.branch;
      return opened;
    }
    if (tip === undefined) {
      const name = shortRef(this.branch);
      throw new UserError("repository/no-branch", `${this.location} has no branch ${name}.`, {
        seen: name,
        fix: "Check 'ref'. A new repository needs a first commit: push one with a README to that branch.",
      });
    }
    const branch = this.#branch ?? tip.ref;
    this.#branch = branch;
    return new GithubSnapshot({
      reading: this.#reading,
      branch,
      at: tip,
      seen: (path) => void this.#seen.add(path),
      otherwise: async (commit, why) => {
        const now = await (await this.#byGit(why)).open();
        return now.commit === commit ? now : now.at(commit);
      },
    });
  }

  async commit(onto: Snapshot, commit: Commit): Promise<Committed | Lost> {
    refuseTag(this.branch);
    const meant = onto instanceof GithubSnapshot ? await this.#meant(onto, commit) : { why: undefined };
    if ("why" in meant) return this.#commitByGit(onto, commit, meant.why);
    const made = await createCommit(this.#reading, {
      branch: this.branch,
      onto: onto as GithubSnapshot,
      commit,
      tree: meant.tree,
    });
    return made === undefined ? { kind: "lost" } : { kind: "committed", commit: made };
  }

  /** The tree that the commit is meant to have, or why it goes by Git. */
  async #meant(onto: GithubSnapshot, commit: Commit): Promise<{ tree: Sha } | { why: string }> {
    try {
      const entries = await onto.entries(pathsToCheck(commit.changes));
      checkChanges(commit.changes, (path) => {
        const entry = entries.get(path);
        return entry && kindOf(entry.mode);
      });
    } catch (error) {
      if (error instanceof NotByApi) return { why: error.message };
      throw error;
    }
    const { memory } = this.#reading;
    const why = notCarried(commit, onto.tree, memory);
    return why === undefined ? { tree: memory.treeAfter(onto.tree, commit.changes) } : { why };
  }

  async #commitByGit(onto: Snapshot, commit: Commit, why: string | undefined): Promise<Committed | Lost> {
    const git = await this.#byGit(why);
    if (!(onto instanceof GithubSnapshot)) return git.commit(onto, commit);
    const now = await git.open();
    return now.commit === onto.commit ? git.commit(now, commit) : { kind: "lost" };
  }

  /** @param why undefined: it was said before */
  #byGit(why: string | undefined): Promise<ConfigRepository> {
    if (why !== undefined && !this.#noticed.has(why)) {
      this.#noticed.add(why);
      this.#options.logger.notice(`${this.location} is written by Git instead of GitHub's API: ${why}.`);
    }
    this.#git ??= this.#options.byGit(this.#branch).then((opened) => {
      this.#opened = opened;
      return opened;
    });
    return this.#git;
  }

  #ahead(): Wanted[] {
    const { files = [], folders = [] } = this.#options.ahead ?? {};
    const revision = this.#branch ?? "HEAD";
    const isIn = (path: RepoPath) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
    const plain = new Set([...files, ...this.#seen].filter((path) => !isIn(path)));
    const above = [...plain, ...folders].flatMap((path) => foldersAbove(path));
    const wanted = [...new Set([...above, ...plain])].slice(0, mostAhead);
    return [
      ...folders.map((folder) => ({ expression: at(revision, folder), whole: true })),
      ...wanted.map((path) => ({ expression: at(revision, path) })),
    ];
  }

  cost(): Cost {
    const { requests, milliseconds } = this.#reading;
    const git = this.#opened?.cost();
    return {
      way: git === undefined ? "api" : `api, then ${git.way}`,
      requests: requests + (git?.requests ?? 0),
      milliseconds: milliseconds + (git?.milliseconds ?? 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const git = await this.#git?.catch(() => undefined);
    await git?.[Symbol.asyncDispose]();
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

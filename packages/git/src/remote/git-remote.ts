import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bytes, Clock, Identity, LogEntry, RefName, Sha, Timestamp } from "@glu/core";
import { OutsideError, shortRef, timestamp } from "@glu/core";
import { authorize, type Credentials, scrubber } from "../process/authorization.ts";
import { type Environment, gitEnvironment, type Setting } from "../process/environment.ts";
import { type GitResult, runGit } from "../process/run-git.ts";
import { type BareRepositories, type ObjectFormat, writeBareRepositories } from "./bare-repository.ts";
import { explainFailure, isBusy } from "./failure.ts";
import { commitMessage, type ImportFile, identityPart, importStream } from "./fast-import.ts";
import { type CommitSettings, commitSettingsPattern, readCommitSettings } from "./identity.ts";
import { type Location, parseLocation } from "./location.ts";
import { parseBatch, parseCommit, parseTree, type TreeEntry } from "./objects.ts";

export interface GitRemoteOptions {
  /** URL, `git@host:path` or path. Never with credentials. */
  location: string;
  env: Environment;
  /** An existing or new folder for temporary files. */
  temp: string;
  clock: Clock;
  /** For HTTP(S). Without them Git's own helpers and SSH's keys serve. */
  credentials?: Credentials;
  /** What a relative path is relative to. */
  cwd?: string;
}

/** The commit that a ref pointed to when it was fetched. */
export interface Tip {
  commit: Sha;
  tree: Sha;
  committedAt: Timestamp;
}

export interface NewCommit {
  parent: Sha | undefined;
  author?: Identity;
  message: string;
  files: readonly ImportFile[];
}

/** Settings of every command: no hooks of the user's, no submodules, no waiting for a dead server. */
const settings: readonly Setting[] = [
  ["core.hooksPath", "/dev/null"],
  ["submodule.recurse", "false"],
  ["protocol.version", "2"],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "60"],
];

/** Tries of a push that another writer's lock got in the way of. */
const busyTries = 5;

/**
 * One remote repository by the git binary, without a clone or a working tree: fetch a tip's trees, read objects, build
 * a commit, push it as a compare-and-swap.
 */
export class GitRemote {
  readonly location: Location;
  readonly #options: GitRemoteOptions;
  readonly #scrub: (text: string) => string;
  readonly #trees = new Map<Sha, Map<string, TreeEntry>>();
  #at: BareRepositories;
  #format: ObjectFormat = "sha1";
  #filtered = true;
  #settings: CommitSettings | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #network = 0;

  private constructor(options: GitRemoteOptions, location: Location, at: BareRepositories) {
    this.#options = options;
    this.location = location;
    this.#at = at;
    this.#scrub = scrubber(options.credentials);
  }

  /** Prepares it; nothing is asked of the server yet. */
  static async open(options: GitRemoteOptions): Promise<GitRemote> {
    const location = parseLocation(options.location, options.cwd ?? options.temp);
    return new GitRemote(options, location, await writeBareRepositories({ temp: options.temp }, location.url, "sha1"));
  }

  /** Milliseconds spent on waiting for the server so far. */
  get networkMilliseconds(): number {
    return this.#network;
  }

  /**
   * Fetches the ref's commit and all its trees; only what has changed since the last time. Undefined when there is no
   * such ref.
   * @throws GluError `repository/…`
   */
  fetchTip(ref: RefName): Promise<Tip | undefined> {
    return this.#alone(async () => {
      const tip = `refs/tips/${ref.slice("refs/".length)}`;
      const fetch = (filter: string): Promise<GitResult> =>
        this.#online(this.#at.fetch, ["fetch", ...quietly, "--depth=1", filter, "origin", `+${ref}:${tip}`]);
      let fetched = await fetch(this.#filtered ? "--filter=blob:none" : "--no-filter");
      if (fetched.code !== 0) {
        // Which of the three it is, the refs tell: no such ref, ids of another length, or a server that refuses filters.
        const now = await this.readRef(ref);
        if (now === undefined) return undefined;
        const format: ObjectFormat = now.length === 64 ? "sha256" : "sha1";
        if (format !== this.#format) {
          this.#format = format;
          this.#at = await writeBareRepositories({ root: this.#at.root }, this.location.url, format);
          fetched = await fetch("--filter=blob:none");
        }
        if (fetched.code !== 0) {
          fetched = await fetch("--no-filter");
          this.#filtered = false;
        }
        if (fetched.code !== 0) throw this.#failure(fetched, ref, false);
      }
      const { stdout } = await this.#git(this.#at.fetch, ["cat-file", "--batch"], { input: `${tip}\n` });
      const [[commit, content] = []] = parseBatch(stdout);
      if (commit === undefined || content === undefined) throw new Error(`Git fetched ${ref} but did not keep it.`);
      const { tree, seconds } = parseCommit(content);
      return { commit, tree, committedAt: timestamp(seconds * 1000) };
    });
  }

  /** What the ref points to on the server now; undefined when there is no such ref. */
  async readRef(ref: RefName): Promise<Sha | undefined> {
    const listed = await this.#online(this.#at.work, ["ls-remote", "--quiet", "--", this.location.url, ref]);
    if (listed.code !== 0) throw this.#failure(listed, ref, false);
    const line = listed.stdout
      .toString("utf8")
      .split("\n")
      .find((each) => each.endsWith(`\t${ref}`));
    return line?.split("\t")[0] as Sha | undefined;
  }

  /** The entries of trees that were fetched. */
  async trees(ids: readonly Sha[]): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    const unread = ids.filter((id) => !this.#trees.has(id));
    if (unread.length > 0) {
      const objects = await this.#read(unread);
      for (const [id, content] of objects) this.#trees.set(id, parseTree(content, id.length / 2));
    }
    for (const id of ids) {
      if (!this.#trees.has(id))
        throw new OutsideError("repository/incomplete", `${this.location.url} did not send tree ${id}.`);
    }
    return this.#trees;
  }

  /** The content of blobs; those that are not here yet are fetched together, in one request. */
  async blobs(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, Bytes>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const here = await this.#read(wanted);
    const missing = wanted.filter((id) => !here.has(id));
    if (missing.length === 0) return here;
    await this.#alone(() => this.#fetchBlobs(missing, ref));
    for (const [id, content] of await this.#read(missing)) here.set(id, content);
    const lost = wanted.find((id) => !here.has(id));
    if (lost !== undefined) {
      throw new OutsideError("repository/incomplete", `${this.location.url} did not send blob ${lost}.`, {
        fix: "Run again; if it stays so, run 'git fsck' on the server.",
        transient: true,
      });
    }
    return here;
  }

  async #fetchBlobs(ids: readonly Sha[], ref: RefName): Promise<void> {
    const negotiate = ["-c", "fetch.negotiationAlgorithm=noop"];
    const args = [...negotiate, "fetch", ...quietly, "--filter=blob:none", "--stdin", "origin"];
    const fetched = await this.#online(this.#at.fetch, args, `${ids.join("\n")}\n`);
    if (fetched.code === 0) return;
    // An old server gives no single objects (uploadpack.allowAnySHA1InWant): take the tip whole, once.
    this.#filtered = false;
    const whole = ["fetch", ...quietly, "--refetch", "--no-filter", "--depth=1", "origin", ref];
    const refetched = await this.#online(this.#at.fetch, whole);
    if (refetched.code !== 0) throw this.#failure(fetched, ref, false);
  }

  /** At most `limit` commits from `commit` backwards along first parents, fetched without trees. */
  async log(commit: Sha, limit: number, ref: RefName): Promise<LogEntry[]> {
    if (limit < 1) return [];
    const args = ["fetch", ...quietly, `--depth=${limit}`, "--filter=tree:0", "origin", commit];
    let fetched = await this.#alone(() => this.#online(this.#at.history, args));
    if (fetched.code !== 0) {
      const unfiltered = args.map((arg) => (arg.startsWith("--filter") ? "--no-filter" : arg));
      fetched = await this.#alone(() => this.#online(this.#at.history, unfiltered));
    }
    if (fetched.code !== 0) throw this.#failure(fetched, ref, false);
    const format = "--format=tformat:%H%n%ct%n%an%n%B";
    const { stdout } = await this.#git(
      this.#at.history,
      [
        "log",
        "-z",
        `--max-count=${limit}`,
        "--first-parent",
        "--no-show-signature",
        "--encoding=UTF-8",
        format,
        commit,
        "--",
      ],
      { mustSucceed: true },
    );
    return stdout
      .toString("utf8")
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => {
        const [id = "", seconds = "", authorName = "", ...message] = entry.split("\n");
        return {
          commit: id as Sha,
          committedAt: timestamp(Number(seconds) * 1000),
          authorName,
          message: message.join("\n"),
        };
      });
  }

  /** Makes a commit here. It is signed when Git is configured to sign. */
  async build(commit: NewCommit): Promise<Sha> {
    const { author, committer, sign } = await this.#commitSettings();
    const seconds = Math.floor(this.#options.clock.now() / 1000);
    const input = importStream({
      ref: "refs/glu/new",
      ...(commit.parent === undefined ? {} : { parent: commit.parent }),
      author: commit.author ?? author,
      committer,
      seconds,
      message: commit.message,
      files: commit.files,
    });
    const args = ["fast-import", "--quiet", "--force", "--done"];
    const imported = await this.#git(this.#at.work, args, { input, mustSucceed: true });
    const unsigned = imported.stdout.toString("latin1").trim() as Sha;
    return sign ? this.#sign(unsigned, commit, { author: commit.author ?? author, committer, seconds }) : unsigned;
  }

  /** fast-import cannot sign: the same commit again, by `git commit-tree -S`. */
  async #sign(
    unsigned: Sha,
    commit: NewCommit,
    by: { author: Identity; committer: Identity; seconds: number },
  ): Promise<Sha> {
    const who = (role: string, { name, email }: Identity): Record<string, string> => ({
      [`GIT_${role}_NAME`]: identityPart(name) || "unknown",
      [`GIT_${role}_EMAIL`]: identityPart(email),
      [`GIT_${role}_DATE`]: `${by.seconds} +0000`,
    });
    const parent = commit.parent === undefined ? [] : ["-p", commit.parent];
    const signed = await this.#git(this.#at.work, ["commit-tree", "-S", ...parent, "-F", "-", `${unsigned}^{tree}`], {
      input: commitMessage(commit.message),
      env: { ...who("AUTHOR", by.author), ...who("COMMITTER", by.committer) },
    });
    if (signed.code !== 0) throw this.#signingFailed(signed);
    return signed.stdout.toString("latin1").trim() as Sha;
  }

  #signingFailed(result: GitResult): OutsideError {
    const seen = result.stderr.trim().slice(0, 1000);
    return new OutsideError("git/signing-failed", `Git is configured to sign commits, but could not: ${seen}`, {
      seen,
      fix: "Make the key of user.signingKey usable without a prompt here, or set commit.gpgSign to false.",
    });
  }

  /**
   * Moves the ref from `old` (undefined: it must not exist) to `commit`. What became of it is decided by reading the ref
   * again, never by Git's words. `moved`: somebody else was first and nothing was written.
   * @throws GluError `repository/…` when the ref stands where it stood
   */
  async push(ref: RefName, old: Sha | undefined, commit: Sha): Promise<"pushed" | "moved"> {
    for (let attempt = 1; ; attempt++) {
      const pushed = await this.#alone(() => this.#pushOnce(ref, old, commit));
      if (pushed.code === 0) return "pushed";
      const status = pushed.stdout
        .toString("utf8")
        .split("\n")
        .find((line) => line.startsWith("!\t"));
      const refused = status !== undefined && /\[(?:remote )?rejected\]/.test(status);
      const now = await this.#readAfter(pushed, ref);
      if (now === commit) return "pushed";
      if (now !== old) return !refused && (await this.#contains(now, commit, ref)) ? "pushed" : "moved";
      if (!isBusy(status) || attempt === busyTries) throw this.#failure(pushed, ref, true, status);
      await this.#options.clock.sleep(this.#options.clock.random() * 100 * attempt);
    }
  }

  async #pushOnce(ref: RefName, old: Sha | undefined, commit: Sha): Promise<GitResult> {
    const shallow = join(this.#at.work, "shallow");
    await copyFile(join(this.#at.fetch, "shallow"), shallow).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // A tip without parents is not shallow.
      return rm(shallow, { force: true });
    });
    const lease = `--force-with-lease=${ref}:${old ?? ""}`;
    const args = ["push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-recurse-submodules", lease];
    return this.#online(this.#at.work, [...args, "--", this.location.url, `${commit}:${ref}`]);
  }

  /** Reads the ref after a failed push. When that fails too, the push's own failure is the better message. */
  async #readAfter(pushed: GitResult, ref: RefName): Promise<Sha | undefined> {
    try {
      return await this.readRef(ref);
    } catch (cause) {
      const failure = this.#failure(pushed, ref, true);
      throw new OutsideError("repository/unclear", `${failure.message} Whether it was written could not be read.`, {
        seen: failure.seen,
        fix: "Run again: what was written is found, and is not written twice.",
        transient: true,
        cause,
      });
    }
  }

  /** Whether our commit was written before somebody built on it. Only asked when the answer to the push was lost. */
  async #contains(now: Sha | undefined, commit: Sha, ref: RefName): Promise<boolean> {
    if (now === undefined) return false;
    return (await this.log(now, 100, ref)).some((entry) => entry.commit === commit);
  }

  async #commitSettings(): Promise<CommitSettings> {
    if (this.#settings === undefined) {
      const { stdout } = await this.#git(this.#at.work, ["config", "-z", "--get-regexp", commitSettingsPattern]);
      this.#settings = readCommitSettings(stdout.toString("utf8"), this.#options.env);
    }
    return this.#settings;
  }

  async #read(ids: readonly Sha[]): Promise<Map<Sha, Buffer>> {
    const input = `${ids.join("\n")}\n`;
    const { stdout } = await this.#git(this.#at.work, ["cat-file", "--batch"], { input, mustSucceed: true });
    return parseBatch(stdout);
  }

  #failure(result: GitResult, ref: RefName, writing: boolean, status?: string) {
    return explainFailure({
      stderr: result.stderr,
      ...(status === undefined ? {} : { status }),
      writing,
      location: this.location.url,
      branch: shortRef(ref),
    });
  }

  async #online(gitDir: string, args: readonly string[], input?: string): Promise<GitResult> {
    const { credentials } = this.#options;
    const mayAuthorize = credentials !== undefined && credentials.token !== "" && this.location.kind === "http";
    const authorization = mayAuthorize ? authorize(this.location.url, credentials) : [];
    const started = performance.now();
    try {
      return await this.#git(gitDir, args, { settings: authorization, ...(input === undefined ? {} : { input }) });
    } finally {
      this.#network += performance.now() - started;
    }
  }

  async #git(
    gitDir: string,
    args: readonly string[],
    options: {
      input?: string | Uint8Array;
      env?: Record<string, string>;
      settings?: readonly Setting[];
      mustSucceed?: boolean;
    } = {},
  ): Promise<GitResult> {
    const result = await runGit(args, {
      cwd: this.#at.root,
      env: {
        ...gitEnvironment(this.#options.env, [...settings, ...(options.settings ?? [])]),
        ...options.env,
        GIT_DIR: gitDir,
      },
      ...(options.input === undefined ? {} : { input: options.input }),
      scrub: this.#scrub,
    });
    if (options.mustSucceed && result.code !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr.trim()}`);
    return result;
  }

  /** One command at a time where two would write the same files. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task, task);
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /** Removes the temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue;
    await rm(this.#at.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

const quietly = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"];

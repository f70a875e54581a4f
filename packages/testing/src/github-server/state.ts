import type { Seed } from "@glu/simulation";
import { BareFixture } from "../git/bare-fixture.ts";
import { GitObjects } from "./objects.ts";
import { GithubSettings } from "./settings-routes.ts";

/** Who a token acts as. */
export interface GithubIdentity {
  login: string;
  type: "User" | "Bot";
  /** On the repositories of the server. `none` sees nothing. */
  access: "write" | "read" | "none";
  /** Of an App: whether it may see teams. */
  seesTeams: boolean;
  /** Of a classic token. */
  scopes?: string;
}

export interface GithubPull {
  number: number;
  author: GithubIdentity;
  title: string;
  body: string | null;
  head: string;
  base: string;
  draft: boolean;
  state: "open" | "closed";
  labels: string[];
  assignees: string[];
  reviewers: string[];
  teams: string[];
  comments: { id: number; author: GithubIdentity; body: string; at: string }[];
  /** The last commit of the branch, kept when it is gone. */
  headSha: string;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergeCommit: string | null;
  mergedBy: GithubIdentity | undefined;
  /** Who lets GitHub merge it once all that is required is met. */
  autoMergeBy: GithubIdentity | undefined;
  queued: boolean;
}

/** What a commit is marked with. */
export interface GithubStatus {
  id: number;
  sha: string;
  state: string;
  context: string;
  description: string | null;
  target_url: string | null;
  creator: GithubIdentity;
  at: string;
}

/** What was told of a deployment, newest last. */
export interface GithubDeployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | null;
  payload: Record<string, unknown> | string;
  transient: boolean;
  production: boolean;
  creator: GithubIdentity;
  at: string;
  statuses: {
    id: number;
    deployment: GithubDeployment;
    state: string;
    description: string;
    environment_url: string;
    log_url: string;
    creator: GithubIdentity;
    at: string;
  }[];
}

/** A repository: its branches and commits are those of a real bare one. */
export class GithubRepository implements Disposable {
  readonly owner: string;
  readonly name: string;
  readonly git: BareFixture;
  readonly objects: GitObjects;
  /** Branches that a token may not write to, and GitHub's words about it. */
  readonly rules = new Map<string, string>();
  /** Newest last. */
  readonly pulls: GithubPull[] = [];
  /** Comments that were ever made: a number is not given twice. */
  commented = 0;
  /** Who can be asked for a review, beside those who have a token that may write. */
  readonly collaborators = new Set<string>();
  /** Slugs of teams with access. */
  readonly teams = new Set<string>();
  readonly labels = new Set<string>();
  /** Newest last. */
  readonly statuses: GithubStatus[] = [];
  /** Newest last. */
  readonly deployments: GithubDeployment[] = [];
  readonly settings = new GithubSettings();
  /** "Allow GitHub Actions to create and approve pull requests". */
  actionsMayPropose = true;
  /** "Allow auto-merge". */
  autoMerge = false;
  /** Whether a merge queue is required for every branch. */
  mergeQueue = false;
  /** The methods that it allows; the first is the default one. */
  mergeMethods: ("SQUASH" | "MERGE" | "REBASE")[] = ["SQUASH", "MERGE", "REBASE"];
  /** Contexts of statuses that are required for every branch. */
  readonly required = new Set<string>();
  /** How often a pull request is looked at before GitHub knows whether it can be merged. */
  unknownLooks = 1;
  /** Whether its plan has drafts. */
  drafts = true;

  readonly #own: BareFixture | undefined;

  constructor(fullName: string, content: Seed | BareFixture) {
    const [owner = "", name = ""] = fullName.split("/");
    this.owner = owner;
    this.name = name;
    this.#own = content instanceof BareFixture ? undefined : new BareFixture({ seed: content });
    this.git = this.#own ?? (content as BareFixture);
    this.objects = new GitObjects(this.git.path);
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** What a branch points to. */
  tip(branch: string): string | undefined {
    return this.ref(`refs/heads/${branch}`);
  }

  /** What a ref points to, by its full name. */
  ref(name: string): string | undefined {
    // The pattern also finds what is below the name.
    const lines = this.git.git("for-each-ref", "--format=%(objectname) %(refname)", name).split("\n");
    return lines.find((line) => line.endsWith(` ${name}`))?.split(" ")[0];
  }

  /** Whether there is a commit. */
  has(sha: string): boolean {
    return this.git.git("rev-list", "--all").split("\n").includes(sha);
  }

  /** Points a ref from what it was to something else; zeros are none. False where it was not that any more. */
  swap(ref: string, before: string, after: string): boolean {
    try {
      this.objects.run(["update-ref", "--stdin"], `update ${ref} ${after} ${before}\n`);
      return true;
    } catch (error) {
      if (/cannot lock ref/.test(String(error))) return false;
      throw error;
    }
  }

  pull(number: number): GithubPull | undefined {
    const pull = this.pulls.find((one) => one.number === number);
    if (pull?.state === "open") pull.headSha = this.tip(pull.head) ?? pull.headSha;
    return pull;
  }

  /** Whether all that is required of a pull request is met. */
  isMet({ headSha }: GithubPull): boolean {
    const latest = (context: string) =>
      this.statuses.findLast((one) => one.sha === headSha && one.context.toLowerCase() === context.toLowerCase());
    return [...this.required].every((context) => latest(context)?.state === "success");
  }

  /** A commit is marked; GitHub merges what waited for it. */
  mark(status: Omit<GithubStatus, "id">): GithubStatus {
    const marked = { id: this.statuses.length + 1, ...status };
    this.statuses.push(marked);
    for (const { number } of this.pulls) {
      const pull = this.pull(number);
      if (pull?.autoMergeBy === undefined || pull.state !== "open" || pull.draft || !this.isMet(pull)) continue;
      this.merge(pull, pull.autoMergeBy);
    }
    return marked;
  }

  /** A check of somebody's CI is a success. */
  pass(sha: string, context: string): void {
    const creator: GithubIdentity = { login: "ci[bot]", type: "Bot", access: "write", seesTeams: false };
    const at = `${new Date().toISOString().slice(0, 19)}Z`;
    this.mark({ sha, context, state: "success", description: null, target_url: null, creator, at });
  }

  /** As "Squash and merge" does. */
  merge(pull: GithubPull, by: GithubIdentity): string {
    const sha = this.squash(pull, `${pull.title} (#${pull.number})`);
    // GitHub tells whole seconds.
    const at = `${new Date().toISOString().slice(0, 19)}Z`;
    const merged = {
      closedAt: at,
      mergedAt: at,
      mergeCommit: sha,
      mergedBy: by,
      autoMergeBy: undefined,
      queued: false,
    };
    Object.assign(pull, { state: "closed", ...merged });
    return sha;
  }

  /** Puts one commit with what the branch holds on the base, as "Squash and merge" does. */
  squash(pull: GithubPull, message: string): string {
    const onto = this.tip(pull.base) ?? "";
    const tree = this.git.git("merge-tree", "--write-tree", onto, pull.headSha).split("\n")[0] ?? "";
    const commit = this.git.git("commit-tree", "-p", onto, "-m", message, tree);
    this.git.git("update-ref", `refs/heads/${pull.base}`, commit, onto);
    return commit;
  }

  [Symbol.dispose](): void {
    this.#own?.[Symbol.dispose]();
  }
}

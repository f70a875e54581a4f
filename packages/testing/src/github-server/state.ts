import type { Seed } from "@glu/simulation";
import { BareFixture } from "../git/bare-fixture.ts";
import { GitObjects } from "../git/git-objects.ts";
import { type MergeMethod, mergeBranches, merges } from "../git/merging.ts";
import type { JobPermissions } from "./job-permissions.ts";
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
  /** Of a job's own token; absent: it may do all that its access says. */
  permissions?: JobPermissions;
}

export type GithubMethod = "SQUASH" | "MERGE" | "REBASE";

const methods: Readonly<Record<GithubMethod, MergeMethod>> = { SQUASH: "squash", MERGE: "merge", REBASE: "rebase" };

/** GitHub tells whole seconds. */
export const wholeSeconds = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

export interface GithubPull {
  number: number;
  author: GithubIdentity;
  title: string;
  body: string | null;
  head: string;
  /** Owner of the fork that its branch is in: `refs/forks/<owner>/<branch>` here. */
  fork?: string | undefined;
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
  /** Who lets GitHub merge it once all that is required is met, and how. */
  autoMergeBy: GithubIdentity | undefined;
  autoMergeMethod?: GithubMethod;
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

const headRef = ({ fork, head }: Pick<GithubPull, "fork" | "head">): string =>
  fork === undefined ? `refs/heads/${head}` : `refs/forks/${fork}/${head}`;

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
  /** By login; of whom it does not know GitHub says "not found". */
  readonly permissions = new Map<string, "admin" | "write" | "read" | "none">();
  readonly reactions: { comment: number; by: string; content: string }[] = [];
  /** What branches were pushed, newest last, at the time at which the server noticed it. */
  readonly pushes: { ref: string; before: string; after: string; at: string }[] = [];
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
  mergeMethods: GithubMethod[] = ["SQUASH", "MERGE", "REBASE"];
  /** Contexts of statuses that are required for every branch. */
  readonly required = new Set<string>();
  /** How often a pull request is looked at before GitHub knows whether it can be merged. */
  unknownLooks = 1;
  /** Whether its plan has drafts. */
  drafts = true;

  readonly #own: BareFixture | undefined;
  readonly #changes = new Map<string, { files: readonly string[]; commits: number }>();
  readonly #conflicts = new Map<string, boolean>();
  /** What was caught up with. */
  #tips: ReadonlyMap<string, string> = new Map();
  #noticed: ReadonlyMap<string, string> = new Map();

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
    return this.git.refs().get(name);
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

  /** What the branch of a pull request points to, wherever it is. */
  headOf({ fork, head }: Pick<GithubPull, "fork" | "head">): string | undefined {
    return this.ref(headRef({ fork, head }));
  }

  pull(number: number): GithubPull | undefined {
    this.catchUp();
    return this.pulls.find((one) => one.number === number);
  }

  /**
   * What became of pull requests by what was pushed since: one whose branch is gone, or brings nothing any more, is
   * closed; one whose commits were pushed to its base is merged.
   */
  catchUp(): void {
    this.#noticePushes();
    const open = this.pulls.filter(({ state }) => state === "open");
    if (open.length === 0) return;
    const [tips, last] = [this.git.refs(), this.#tips];
    for (const pull of open) {
      const before = pull.headSha;
      const [head, base] = [tips.get(headRef(pull)), tips.get(`refs/heads/${pull.base}`) ?? ""];
      if (head === before && base === last.get(`refs/heads/${pull.base}`)) continue;
      if (head !== before) pull.updatedAt = wholeSeconds();
      pull.headSha = head ?? before;
      const isIn = base !== "" && this.git.ask("merge-base", "--is-ancestor", pull.headSha, base).status === 0;
      if (head !== undefined && !isIn) continue;
      const at = wholeSeconds();
      Object.assign(pull, { state: "closed", closedAt: at, updatedAt: at, autoMergeBy: undefined, queued: false });
      if (isIn && pull.headSha === before) Object.assign(pull, { mergedAt: at, mergeCommit: before });
    }
    this.#tips = tips;
  }

  #noticePushes(): void {
    const tips = this.git.refs();
    for (const [ref, after] of tips) {
      const before = this.#noticed.get(ref) ?? "0".repeat(40);
      if (after === before || !ref.startsWith("refs/heads/")) continue;
      this.pushes.push({ ref, before, after, at: wholeSeconds() });
    }
    this.#noticed = tips;
  }

  /** What it brings: lines of `git diff --numstat`, and how many commits. */
  change({ base, headSha }: GithubPull): { files: readonly string[]; commits: number } {
    const onto = this.tip(base) ?? headSha;
    const key = `${onto} ${headSha}`;
    const known = this.#changes.get(key) ?? {
      files: this.git.git("diff", "--numstat", `${onto}...${headSha}`).split("\n").filter(Boolean),
      commits: Number(this.git.git("rev-list", "--count", `${onto}..${headSha}`)),
    };
    this.#changes.set(key, known);
    return known;
  }

  /** Whether what it brings and what its base has conflict. */
  conflicts({ base, headSha }: GithubPull): boolean {
    const onto = this.tip(base) ?? "";
    const key = `${onto} ${headSha}`;
    const known = this.#conflicts.get(key) ?? !merges(this.git, onto, headSha);
    this.#conflicts.set(key, known);
    return known;
  }

  /** What is required of a pull request and not met, in GitHub's words; undefined: nothing. */
  missing({ headSha }: GithubPull): string | undefined {
    const latest = (context: string) =>
      this.statuses.findLast((one) => one.sha === headSha && one.context.toLowerCase() === context.toLowerCase());
    const [first] = [...this.required].filter((context) => latest(context)?.state !== "success");
    if (first === undefined) return undefined;
    const state = latest(first)?.state;
    const how = state === undefined ? "expected" : state === "pending" ? "pending" : "failing";
    return `Required status check "${first}" is ${how}.`;
  }

  /** Whether all that is required of a pull request is met. */
  isMet(pull: GithubPull): boolean {
    return this.missing(pull) === undefined;
  }

  /** A commit is marked; GitHub merges what waited for it. */
  mark(status: Omit<GithubStatus, "id">): GithubStatus {
    const marked = { id: this.statuses.length + 1, ...status };
    this.statuses.push(marked);
    for (const { number } of this.pulls) {
      const pull = this.pull(number);
      if (pull?.autoMergeBy === undefined || pull.state !== "open" || pull.draft || !this.isMet(pull)) continue;
      // One that conflicts goes on waiting.
      this.merge(pull, pull.autoMergeBy, { method: pull.autoMergeMethod });
    }
    return marked;
  }

  /** A check of somebody's CI is a success. */
  pass(sha: string, context: string): void {
    const creator: GithubIdentity = { login: "ci[bot]", type: "Bot", access: "write", seesTeams: false };
    this.mark({ sha, context, state: "success", description: null, target_url: null, creator, at: wholeSeconds() });
  }

  /** As its button does. @returns undefined where it conflicts: then nothing has changed */
  merge(
    pull: GithubPull,
    by: GithubIdentity,
    how: { method?: GithubMethod | undefined; message?: string } = {},
  ): string | undefined {
    const { method = "SQUASH" } = how;
    const { title, number, head } = pull;
    const usual =
      method === "MERGE"
        ? `Merge pull request #${number} from ${this.owner}/${head}\n\n${title}`
        : `${title} (#${number})`;
    const merge = { source: head, target: pull.base, method: methods[method], message: how.message ?? usual };
    const sha = mergeBranches(this.git, merge);
    if (sha === undefined) return undefined;
    const at = wholeSeconds();
    const merged = {
      closedAt: at,
      updatedAt: at,
      mergedAt: at,
      mergeCommit: sha,
      mergedBy: by,
      autoMergeBy: undefined,
      queued: false,
    };
    Object.assign(pull, { state: "closed", ...merged });
    return sha;
  }

  [Symbol.dispose](): void {
    this.#own?.[Symbol.dispose]();
  }
}

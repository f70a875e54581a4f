import type { Audience } from "../announce/audience.ts";
import { type Timestamp, timestamp } from "../model/names.ts";
import type { Deployment } from "../ports/deployments.ts";
import type { CommitStatus } from "../ports/statuses.ts";

/** The people of a repository in memory: what they were told, and the history and pull requests that they made. */
export class MemoryAudience implements Audience {
  readonly repository: string;
  /** The last of a commit and context, by `commit context`. */
  readonly marks = new Map<string, CommitStatus>();
  readonly told: Deployment[] = [];
  /** By the number of the pull request. */
  readonly said = new Map<number, string>();
  /** Commits of its branch, oldest first, and by which pull request each came. */
  readonly history: { commit: string; pull: number | undefined; mergedAt: Timestamp }[] = [];
  /** Thrown by what it names: `statuses`, `deployments`, `comments`. */
  failing: Partial<Record<"statuses" | "deployments" | "comments", Error>> = {};
  /** What was asked, and of which. */
  readonly calls: string[] = [];

  constructor(repository: string) {
    this.repository = repository;
  }

  push(commit: string, pull: number | undefined, mergedAt: number): void {
    this.history.push({ commit, pull, mergedAt: timestamp(mergedAt) });
  }

  readonly statuses: Audience["statuses"] = {
    set: async (commit, status) => {
      this.#meet("statuses");
      this.marks.set(`${commit} ${status.context}`, status);
    },
    read: async (commit, context) => this.marks.get(`${commit} ${context}`),
  };

  readonly deployments: Audience["deployments"] = {
    tell: async (deployment) => {
      this.#meet("deployments");
      const same = this.told.findIndex(({ of }) => JSON.stringify(of) === JSON.stringify(deployment.of));
      if (same < 0) this.told.push(deployment);
      else this.told[same] = deployment;
      return `https://forge.test/${this.repository}/deployments`;
    },
  };

  readonly comments: Audience["comments"] = {
    pullsOf: async (commit) => {
      this.#meet("comments");
      const found = this.history.find((one) => one.commit === commit);
      return found?.pull === undefined ? [] : [{ number: found.pull, mergedAt: found.mergedAt }];
    },
    between: async (from, to) => {
      this.#meet("comments");
      const at = (commit: string) => this.history.findIndex((one) => one.commit === commit);
      const commits = this.history.slice(at(from) + 1, Math.max(at(from), at(to)) + 1).map(({ commit }) => commit);
      return { commits, total: commits.length };
    },
    write: async (pull, _key, text) => {
      this.#meet("comments");
      const before = this.said.get(pull);
      const body = text(before === undefined ? [] : [before]);
      const written = body !== undefined && body !== before;
      if (written) this.said.set(pull, body);
      return {
        url: this.said.has(pull) ? `https://forge.test/${this.repository}/pull/${pull}` : undefined,
        written,
      };
    },
  };

  commitPage = (sha: string): string => `https://forge.test/${this.repository}/commit/${sha}`;

  #meet(what: keyof MemoryAudience["failing"]): void {
    this.calls.push(what);
    const failing = this.failing[what];
    if (failing !== undefined) throw failing;
  }
}

import type { Version } from "./artifact.ts";
import type { EventName } from "./event-names.ts";
import type { RefName, Sha } from "./names.ts";
import type { Actor } from "./record.ts";

export const hostNames = ["github", "gitlab", "gitea", "terminal"] as const;
export type HostName = (typeof hostNames)[number];

/** A commit that is to be merged. */
export interface Merging {
  /** The ref in the run's own repository that points to it. */
  ref: RefName;
  commit: Sha;
  /** The branch that it is to be merged into. */
  into: RefName;
  /** The branch of a pull request that is not from a fork. */
  branch: RefName | undefined;
}

/** The pull or merge request that an event is about, as the event tells it: untrusted but for what the forge counts. */
export interface PullEvent {
  number: number;
  /** What happened to it, in the forge's word, such as `synchronize`; undefined where the host does not tell. */
  action: string | undefined;
  /** Whether it was open after that; undefined where the host does not tell. */
  isOpen: boolean | undefined;
  /** The commit at its head. */
  head: Sha;
  author: string | undefined;
  branch: string | undefined;
  labels: readonly string[];
  /** The label that was added or removed. */
  label: string | undefined;
  /**
   * Milliseconds since the epoch by the forge's clock: of its last change and of its close; of a merge request the times at
   * which the pipeline was made and the job was started.
   */
  updatedAt: number | undefined;
  closedAt: number | undefined;
  /** Those are the pull request's own times. */
  isOwnTime: boolean;
}

/** What the host says about this run: a pure reading of its environment and event file. */
export interface CiContext {
  host: HostName;
  /** `undefined`: the host's event has no place in our table; it is ignored with a notice, never taken for a push. */
  event: EventName | undefined;
  /** Why `event` is undefined, as a notice for people. */
  ignored?: string;
  /** The host's own name of the event, for messages. */
  hostEvent: string;
  /** `owner/name`; empty in a terminal without a remote. */
  repository: string;
  /** `https://github.com`; the base of `owner/name` references. */
  serverUrl: string | undefined;
  apiUrl: string | undefined;
  /** Source facts the event carries; what it lacks is read from the working copy. */
  version: Partial<Version>;
  /** Committer time of the source commit, RFC 3339, where the host tells it. */
  committedAt?: string;
  /** On a push: the commit that the branch was at before. Absent where there was none, and where the host does not tell. */
  before?: string;
  /** The commit that is to be merged, of a pull or merge request, and of a merge queue. */
  merging?: Merging;
  /** Of an event about a pull or merge request. */
  pull?: PullEvent;
  /** Of an event that says that a branch of this repository was deleted: its name. */
  goneBranch?: string;
  /** The payload of an event about a comment, which `@glu/hosts/comment` reads: no other command pays for that. */
  comment?: unknown;
  /** True for a pull request from a fork: there is no write token. */
  fork: boolean;
  actor: Actor;
  run: {
    id: string | undefined;
    number: number | undefined;
    attempt: number | undefined;
    workflow: string | undefined;
    job: string | undefined;
    /** JSON of the matrix or GitLab's parallel index, so that each leg is a request of its own. */
    matrix: string | undefined;
    url: string | undefined;
    /** The branch whose workflow or pipeline file this run follows; undefined for a tag's and a pull request's merge. */
    branch: string | undefined;
    /** The repository's default branch, where the host tells it. */
    defaultBranch: string | undefined;
  };
  /** Allow-listed CI variables for the artifact's `context`; never the process environment. */
  variables: Record<string, string>;
  /** W3C trace context from outside: untrusted, linked only. */
  traceparent: string | undefined;
}

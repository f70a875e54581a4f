import type { ForgeConnection } from "./http.ts";
import type { ForgeName } from "./target.ts";

/** Whom a gate asks, and as whom. */
export interface Asking extends ForgeConnection {
  forge: ForgeName;
  token: string | undefined;
  /** `owner/name` of the repository that the job runs in. */
  repository: string;
  /** Told what a forge does not have switched on, and where that is set; default: nobody. */
  notice?: (text: string) => void;
}

/** The run that asks: what it has not finished is nothing to wait for, and its approvals are its own. */
export interface OwnRun {
  /** GitHub's and Gitea's id of the run, GitLab's of the pipeline. */
  run: string | undefined;
  /** Its number, by which older Giteas address it, and GitLab's GraphQL within the project. */
  number?: number | undefined;
  /** GitLab's token of the job, by which it tells who started it. */
  jobToken?: string | undefined;
  /** GitLab's id of the job. */
  job?: string | undefined;
  /** Whether a job of another pipeline of GitLab has started it, which may wait for its end. */
  isTriggered?: boolean;
}

export type AskingWithToken = Asking & { token: string };

import type { RequestId } from "../model/names.ts";

/** A release as the forge's page of environments shows it. */
export interface Deployment {
  /** Makes it this one: of the same three a forge has one, however often it is told. */
  of: { request: RequestId | string; app: string; environment: string };
  /** What the environment is called on the forge, such as `production` or `production/web`. */
  environment: string;
  tier: string | undefined;
  /** Whether the environment will be gone some day, as that of a pull request. */
  isTransient: boolean;
  /** Full SHA-1 of what is deployed, and the branch or tag that it is on. */
  commit: string;
  ref: { name: string; isTag: boolean };
  /** One line. Each forge cuts it where it must. */
  description: string;
  /** What programs may want to know of it, where the forge keeps such. */
  facts: Readonly<Record<string, string>>;
  state: "in-progress" | "success" | "failure";
  /** Where the app can be reached there. */
  page: string | undefined;
  /** The run that did it. */
  log: string | undefined;
}

/**
 * Deployments of one repository.
 * Errors (`UserError`, `OutsideError`) have codes `deployment/…`, and `forge/unreachable`.
 */
export interface Deployments {
  /**
   * Tells of a deployment: makes it, or brings its state up to date. What it takes the place of, of the same app and
   * environment, is inactive then.
   * @returns its page for people; undefined on a forge that has no deployments, which is told nothing
   */
  tell(deployment: Deployment): Promise<string | undefined>;
}

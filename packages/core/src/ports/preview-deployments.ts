/** What a forge shows of a preview: one deployment for each commit that it had. */
export interface PreviewDeployment {
  /** Full SHA-1 of what runs there. */
  commit: string;
  state: "in-progress" | "success" | "failure";
  /** Whether somebody looked at it: what was only committed is no news where another run has looked. */
  isChecked: boolean;
  /** One line. The forge cuts it where it must. */
  description: string;
  /** Where people find it. */
  page: string | undefined;
  /** The run that did it. */
  log: string | undefined;
}

/**
 * Deployments of previews, in one repository: all in one environment, told apart by their task. None is ever deleted: that
 * would take a token of an administrator.
 * Errors (`UserError`, `OutsideError`) have codes `deployment/…`, and `forge/…`.
 */
export interface PreviewDeployments {
  /**
   * Lets the forge show of a preview what is there, and all else that was told of it as inactive, however old. The same
   * however often it is called.
   * @param task such as `preview:web:pr-7`
   * @param current undefined: there is no such preview
   * @returns whether anything had to be written; false on a forge that has none
   */
  settle(task: string, current: PreviewDeployment | undefined): Promise<boolean>;
}

/** What a job has given its own token, by the names of a workflow's `permissions`. */
export type JobPermissions = Readonly<Record<string, "read" | "write">>;

const repo = "/repos/{owner}/{repo}";
const comments = ["issues", "pull-requests"];

/**
 * What each call takes, one of them is enough; none: every token may. In a private repository, where reading takes leave as
 * well. https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
const accepted: Readonly<Record<string, readonly string[]>> = {
  [`GET ${repo}/pulls`]: ["pull-requests"],
  [`GET ${repo}/pulls/{pull_number}`]: ["pull-requests"],
  [`GET ${repo}/issues/{issue_number}/comments`]: comments,
  [`POST ${repo}/issues/{issue_number}/comments`]: comments,
  [`PATCH ${repo}/issues/comments/{comment_id}`]: comments,
  [`POST ${repo}/issues/comments/{comment_id}/reactions`]: comments,
  [`GET ${repo}/collaborators/{username}/permission`]: [],
  [`GET ${repo}/activity`]: ["contents"],
  [`GET ${repo}/deployments`]: ["deployments"],
  [`POST ${repo}/deployments`]: ["deployments"],
  [`POST ${repo}/deployments/{deployment_id}/statuses`]: ["deployments"],
};

/** Whether a job's token may make a call; undefined: what the call takes is not modelled. */
export function mayCall(name: string, permissions: JobPermissions): boolean | undefined {
  const [method = ""] = name.split(" ");
  const needed = accepted[name];
  if (needed === undefined) return undefined;
  const isEnough = (given: string | undefined) => given === "write" || (given === "read" && method === "GET");
  return needed.length === 0 || needed.some((one) => isEnough(permissions[one]));
}

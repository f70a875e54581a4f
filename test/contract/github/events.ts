/** An event as the runner hands it over: variables, and the payload of the webhook. */
export interface GithubEvent {
  name: string;
  ref: string;
  sha: string;
  payload: Record<string, unknown>;
  /** `GITHUB_HEAD_REF` and `GITHUB_BASE_REF` of a pull request. */
  headRef?: string;
  baseRef?: string;
}

const sender = { login: "ada" };

export function push(sha: string, branch = "main"): GithubEvent {
  return {
    name: "push",
    ref: `refs/heads/${branch}`,
    sha,
    payload: { ref: `refs/heads/${branch}`, after: sha, sender },
  };
}

export function tag(sha: string, name: string): GithubEvent {
  return { name: "push", ref: `refs/tags/${name}`, sha, payload: { ref: `refs/tags/${name}`, after: sha, sender } };
}

/** GitHub checks out the merge of head and base; what is delivered is the head. */
export function pullRequest(
  shas: { head: string; merge: string },
  more: { fork?: boolean; branch?: string } = {},
): GithubEvent {
  const { fork = false, branch = "feature/login" } = more;
  return {
    name: "pull_request",
    ref: "refs/pull/7/merge",
    sha: shas.merge,
    headRef: branch,
    baseRef: "main",
    payload: {
      action: "synchronize",
      number: 7,
      sender: { login: fork ? "mallory" : "ada" },
      pull_request: {
        number: 7,
        html_url: "https://forge.test/acme/web/pull/7",
        head: { sha: shas.head, ref: branch, repo: { full_name: fork ? "mallory/web" : "acme/web" } },
        base: { ref: "main", repo: { full_name: "acme/web" } },
      },
    },
  };
}

export function release(sha: string, name: string, action = "published"): GithubEvent {
  return { name: "release", ref: `refs/tags/${name}`, sha, payload: { action, release: { tag_name: name }, sender } };
}

export function dispatch(sha: string): GithubEvent {
  return { name: "workflow_dispatch", ref: "refs/heads/main", sha, payload: { inputs: {}, sender } };
}

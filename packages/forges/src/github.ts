import { type Requests, UserError } from "@glu/core";
import { githubHeaders } from "./github-headers.ts";
import { encodePath, type ForgeConnection, field, send, webLink } from "./http.ts";
import { refusal } from "./refusal.ts";
import { effectOfRequests as effect } from "./requests-effect.ts";
import { parseTarget, type RequestTarget } from "./target.ts";

/** The type of our repository_dispatch: `on: { repository_dispatch: { types: [glu-promote] } }`. */
export const dispatchType = "glu-promote";

/** Limits of GitHub's API, by its OpenAPI description. */
const payloadKeys = 10;
const workflowInputs = 25;

export interface GithubOptions extends ForgeConnection {
  token: string;
  /** The base of links for people, e.g. `https://github.com`. */
  serverUrl: string;
}

function checkCount(inputs: Readonly<Record<string, string>>, most: number, how: string, fix: string): void {
  const count = Object.keys(inputs).length;
  if (count <= most) return;
  throw new UserError("input/request", `A ${how} carries ${most} inputs, not ${count}.`, {
    seen: Object.keys(inputs),
    fix,
  });
}

/**
 * GitHub: `owner/name` sends a repository_dispatch, `owner/name/promote.yml[@ref]` a workflow_dispatch
 * (https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event,
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event).
 */
export function createGithubRequests(options: GithubOptions): Requests {
  const { token, serverUrl } = options;
  const headers = githubHeaders(token);
  const elsewhere =
    `The built-in GITHUB_TOKEN cannot reach another repository: pass 'token: \${{ steps.app-token.outputs.token }}' ` +
    "from actions/create-github-app-token, or a fine-grained personal access token.";

  async function dispatchRepository({ repository }: RequestTarget, inputs: Readonly<Record<string, string>>) {
    const fix = `Ask by workflow instead: '${repository}/promote.yml'.`;
    checkCount(inputs, payloadKeys, "repository_dispatch", fix);
    const body = { event_type: dispatchType, client_payload: inputs };
    const response = await send(
      { method: "POST", path: `/repos/${encodePath(repository)}/dispatches`, headers, body, effect },
      options,
    );
    if (response.status === 204) return { url: webLink(`${serverUrl}/${repository}/actions`) };
    throw refusal(response, {
      target: repository,
      token,
      permission:
        `A repository_dispatch needs 'contents: write' on ${repository}; in the same repository put ` +
        `'permissions: { contents: write }' into the job. ${elsewhere}`,
      missing: `Check the name ${repository}.`,
      invalid: "The inputs together must be smaller than 64 KB.",
    });
  }

  async function defaultBranch(repository: string): Promise<string> {
    const response = await send({ method: "GET", path: `/repos/${encodePath(repository)}`, headers }, options);
    const branch = response.status === 200 ? field(response.json, "default_branch") : undefined;
    if (branch !== undefined) return branch;
    throw refusal(response, {
      target: repository,
      token,
      permission: `Reading ${repository} needs 'metadata: read'. ${elsewhere}`,
      missing: `Check the name ${repository}.`,
      invalid: `Name the branch: '${repository}/<workflow>@main'.`,
    });
  }

  async function dispatchWorkflow(
    target: RequestTarget & { workflow: string },
    inputs: Readonly<Record<string, string>>,
  ) {
    const { repository, workflow } = target;
    checkCount(inputs, workflowInputs, "workflow_dispatch", "Leave out inputs that have a default there.");
    const ref = target.ref ?? (await defaultBranch(repository));
    const path = `/repos/${encodePath(repository)}/actions/workflows/${encodeURIComponent(workflow)}/dispatches`;
    const response = await send(
      { method: "POST", path, headers, body: { ref, inputs, return_run_details: true }, effect },
      options,
    );
    const page = `${serverUrl}/${repository}/actions/workflows/${workflow}`;
    // 204 comes from servers that do not know `return_run_details` yet.
    if (response.status === 200 || response.status === 204)
      return { url: webLink(field(response.json, "html_url") ?? page) };
    throw refusal(response, {
      target: `${repository}/${workflow}`,
      token,
      permission:
        `A workflow_dispatch needs 'actions: write' on ${repository}; in the same repository put ` +
        `'permissions: { actions: write }' into the job. ${elsewhere}`,
      missing: `Check that .github/workflows/${workflow} is on the default branch of ${repository}.`,
      invalid: `Check that ${ref} exists, that ${workflow} has 'on: workflow_dispatch', and that it declares the inputs ${Object.keys(inputs).join(", ")}.`,
    });
  }

  return {
    async request(text, inputs) {
      const target = parseTarget(text, "github");
      const { workflow } = target;
      return workflow === undefined
        ? dispatchRepository(target, inputs)
        : dispatchWorkflow({ ...target, workflow }, inputs);
    },
  };
}

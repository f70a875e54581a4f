import { OutsideError, type RunKey, type WorkflowRun, type WorkflowRunner } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders, isJobToken } from "../gitlab-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { listOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { createDefaultBranches } from "./default-branch.ts";
import { workflowRun } from "./runs.ts";

/** Pipelines that somebody started. The name of others may come from a commit or a merge request. */
const startedBySomebody = ["api", "trigger", "pipeline", "web"];

/**
 * Pipelines of GitLab 17.11 and newer. A pipeline is found by its name, which is the key: `workflow: name` gives it, and
 * where it does not, the pipeline gets it right after its start (https://docs.gitlab.com/api/pipelines/). Job tokens
 * and trigger tokens can start pipelines and not find them, so an access token is needed.
 */
export function createGitlabWorkflows(asking: AskingWithToken): WorkflowRunner {
  const { token, clock } = asking;
  const headers = gitlabHeaders(token);
  const refuse = (response: ForgeResponse, target: string, invalid = "Check the gate's options.") =>
    notAnswered("workflow", response, {
      target,
      token,
      permission: `It needs an access token of ${target} with the scope 'api' and the role Developer, as GLU_TOKEN.`,
      missing: "Check the path of the project.",
      invalid,
    });
  const get = (path: string, signal: AbortSignal) => send({ method: "GET", path, headers, signal }, asking);
  const defaultBranch = createDefaultBranches((repository, signal) => get(projectOf(repository), signal), refuse);

  /** So that it is found again where `workflow: name` does not say the key. */
  async function nameIt(project: string, run: Run, key: RunKey, signal: AbortSignal): Promise<void> {
    if (run.name === key.text) return;
    const path = `${project}/pipelines/${run.id}/metadata`;
    const { status } = await send({ method: "PUT", path, headers, body: { name: key.text }, signal }, asking);
    if (status === 200) return;
    throw new OutsideError("workflow/no-key", "The name of the pipeline is not its key, and cannot be made so.", {
      seen: status,
      fix: "Let 'workflow: name' of its .gitlab-ci.yml be the input glu-key.",
    });
  }

  return {
    async find(target, key, signal) {
      assertCanLook(token);
      const { repository = asking.repository } = target;
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      const query = new URLSearchParams({ name: key.text, ref, order_by: "id", sort: "desc", per_page: "20" });
      const response = await get(`${projectOf(repository)}/pipelines?${query}`, signal);
      const pipelines = response.status === 200 ? listOf(response.json) : undefined;
      // An answer without a list is none, and not that there is no pipeline: one would be started again and again.
      if (pipelines === undefined) throw refuse(response, repository);
      const found = pipelines.find(
        ({ name, ref: on, source }) => name === key.text && on === ref && startedBySomebody.includes(String(source)),
      );
      return found === undefined ? undefined : runOf(found, clock.now());
    },

    async start(target, key, inputs, signal) {
      assertCanLook(token);
      const { repository = asking.repository } = target;
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      const project = projectOf(repository);
      const body = { ref, inputs: { ...inputs, "glu-key": key.text } };
      const response = await send({ method: "POST", path: `${project}/pipeline`, headers, body, signal }, asking);
      if (response.status !== 201) {
        const declared = Object.keys(body.inputs).join(", ");
        const invalid = `Check that ${ref} exists, and that 'spec: inputs' in its .gitlab-ci.yml has ${declared}.`;
        throw refuse(response, repository, invalid);
      }
      const run = (response.json ?? {}) as Run;
      await nameIt(project, run, key, signal);
      return runOf(run, clock.now());
    },
  };
}

type Run = Readonly<Record<string, unknown>>;

const projectOf = (repository: string): string => `/projects/${encodeURIComponent(repository)}`;

/** Tokens of these kinds would start a pipeline that they cannot find again. */
function assertCanLook(token: string): void {
  if (!isJobToken(token)) return;
  throw new OutsideError("workflow/job-token", "GitLab shows pipelines to no job token and no trigger token.", {
    fix: "Give a project access token with the scope 'api' and the role Developer as GLU_TOKEN.",
  });
}

function runOf(run: Run, now: number): WorkflowRun {
  return workflowRun({ id: run.id, url: run.web_url, startedAt: run.created_at }, stateOf(run.status), now);
}

function stateOf(status: unknown): WorkflowRun["state"] {
  switch (status) {
    case "success":
      return "succeeded";
    case "failed":
    case "canceled":
    case "skipped":
      return "failed";
    case "running":
    case "canceling":
      return "running";
    default:
      return "waiting";
  }
}

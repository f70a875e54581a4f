import { carriesKey, type RunKey, type WorkflowRun, type WorkflowRunner } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { pagesOf } from "../pages.ts";
import { createDefaultBranches } from "./default-branch.ts";
import { checkRunName } from "./run-name.ts";
import { fileOf, workflowRun } from "./runs.ts";

const elsewhere =
  "The built-in GITHUB_TOKEN reaches its own repository only: for another one give a token of an App or a " +
  "fine-grained personal access token.";

/**
 * Workflows of GitHub. A run is found by its name: `run-name` of the workflow holds the input `glu-key`, which the API
 * gives back as `display_title`. Only runs of `workflow_dispatch` on the wanted branch count: the title of others is
 * chosen by whoever opens a pull request
 * (https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow).
 */
export function createGithubWorkflows(asking: AskingWithToken): WorkflowRunner {
  const { token, clock } = asking;
  const headers = githubHeaders(token);
  const get = (path: string, signal: AbortSignal) => send({ method: "GET", path, headers, signal }, asking);
  const refuse = (response: ForgeResponse, target: string, invalid = "Check the gate's options.") =>
    notAnswered("workflow", response, {
      target,
      token,
      permission: `It needs 'actions: write'; in the same repository put 'permissions: { actions: write }' into the job. ${elsewhere}`,
      missing: "Check the names of the repository and of the file, which must be on the default branch.",
      invalid,
    });
  const defaultBranch = createDefaultBranches(
    (repository, signal) => get(`/repos/${encodePath(repository)}`, signal),
    refuse,
  );

  return {
    async find(target, key, signal) {
      const { repository = asking.repository } = target;
      const file = fileOf(target);
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      const query = new URLSearchParams({
        event: "workflow_dispatch",
        branch: ref,
        created: `>=${new Date(key.since).toISOString().slice(0, 19)}Z`,
        exclude_pull_requests: "true",
        per_page: String(perPage),
      });
      const path = `/repos/${encodePath(repository)}/actions/workflows/${encodeURIComponent(file)}/runs?${query}`;
      const pages = pagesOf({
        apiUrl: asking.apiUrl,
        path,
        perPage,
        get: (at) => get(at, signal),
        list: runsIn,
        // An answer without a list is none, and not that there is no run: one would be started again and again.
        refuse: (response) => refuse(response, `${repository}/${file}`),
      });
      for await (const { entries } of pages) {
        const found = entries.find((run) => isOurs(run, ref, key));
        if (found !== undefined) return runOf(found, clock.now());
      }
      return undefined;
    },

    async start(target, key, inputs, signal) {
      const { repository = asking.repository } = target;
      const file = fileOf(target);
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      const base = `/repos/${encodePath(repository)}`;
      const content = `${base}/contents/.github/workflows/${encodeURIComponent(file)}?ref=${encodeURIComponent(ref)}`;
      checkRunName(file, await get(content, signal));
      const path = `${base}/actions/workflows/${encodeURIComponent(file)}/dispatches`;
      const body = { ref, inputs: { ...inputs, "glu-key": key.text }, return_run_details: true };
      const response = await send({ method: "POST", path, headers, body, signal }, asking);
      // 204 comes from servers that do not know `return_run_details` yet.
      if (response.status === 204) return undefined;
      if (response.status !== 200) {
        const declared = Object.keys(body.inputs).join(", ");
        const invalid = `Check that ${ref} exists, that ${file} has 'on: workflow_dispatch', and that it declares the inputs ${declared}.`;
        throw refuse(response, `${repository}/${file}`, invalid);
      }
      const details = (response.json ?? {}) as Record<string, unknown>;
      return workflowRun(
        { id: details.workflow_run_id, url: details.html_url, startedAt: undefined },
        "waiting",
        clock.now(),
      );
    },
  };
}

type Run = Readonly<Record<string, unknown>>;

/** What GitHub gives at most. */
const perPage = 100;

const runsIn = (json: unknown): unknown => mappingOf(json).workflow_runs;

function isOurs(run: Run, ref: string, key: RunKey): boolean {
  return (
    run.event === "workflow_dispatch" && run.head_branch === ref && carriesKey(textOf(run.display_title) ?? "", key)
  );
}

function runOf(run: Run, now: number): WorkflowRun {
  // Of a run that was started again, the latest attempt counts.
  const startedAt = run.run_started_at ?? run.created_at;
  return workflowRun({ id: run.id, url: run.html_url, startedAt }, stateOf(run), now);
}

function stateOf({ status, conclusion }: Run): WorkflowRun["state"] {
  if (status !== "completed") return status === "in_progress" ? "running" : "waiting";
  if (conclusion === "action_required") return "waiting";
  // Nothing else is a success: a run that was skipped has tested nothing.
  return conclusion === "success" ? "succeeded" : "failed";
}

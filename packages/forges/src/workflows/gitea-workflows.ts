import { carriesKey, type RunKey, type WorkflowRun, type WorkflowRunner } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, field, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { pagesOf } from "../pages.ts";
import { createDefaultBranches } from "./default-branch.ts";
import { checkRunName } from "./run-name.ts";
import { fileOf, workflowRun } from "./runs.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/**
 * Workflows of Gitea 1.25 and newer, and of Forgejo where it lists runs (`GET /repos/{owner}/{repo}/actions/runs`). In
 * Gitea a run is found as on GitHub, by its `run-name`; Forgejo gives the inputs back with the run. The two answer in
 * different words under the same address.
 */
export function createGiteaWorkflows(asking: AskingWithToken): WorkflowRunner {
  const { token, clock } = asking;
  const headers = giteaHeaders(token);
  const get = (path: string, signal: AbortSignal) => send({ method: "GET", path, headers, signal }, asking);
  const refuse = (response: ForgeResponse, target: string, invalid = "Check the gate's options.") =>
    notAnswered("workflow", response, {
      target,
      token,
      permission: "It needs a token with the scope 'write:repository' of somebody who may write there, as GLU_TOKEN.",
      missing:
        "Check the names of the repository and of the file, and that Actions are enabled there. Listing runs needs " +
        "Gitea 1.25 or a newer Forgejo.",
      invalid,
    });
  const defaultBranch = createDefaultBranches(
    (repository, signal) => get(`/repos/${encodePath(repository)}`, signal),
    refuse,
  );

  /** Forgejo needs no name, since it gives the inputs back; its version has Gitea's behind a plus. */
  async function checkName(repository: string, file: string, ref: string, signal: AbortSignal): Promise<void> {
    const { json } = await get("/version", signal);
    if (field(json, "version")?.includes("+gitea-") ?? true) return;
    for (const folder of [".gitea", ".github"]) {
      const at = `contents/${folder}/workflows/${encodeURIComponent(file)}?ref=${encodeURIComponent(ref)}`;
      const content = await get(`/repos/${encodePath(repository)}/${at}`, signal);
      // Gitea takes the first folder that there is.
      if (content.status !== 404) return checkRunName(file, content);
    }
  }

  return {
    async find(target, key, signal) {
      const { repository = asking.repository } = target;
      const file = fileOf(target);
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      const query = new URLSearchParams({ event: "workflow_dispatch", branch: ref, limit: String(perPage) });
      const pages = pagesOf({
        apiUrl: asking.apiUrl,
        path: `/repos/${encodePath(repository)}/actions/runs?${query}`,
        perPage,
        mayGiveLess: true,
        get: (path) => get(path, signal),
        list: (json) => mappingOf(json).workflow_runs,
        total: (json) => mappingOf(json).total_count,
        // An answer without a list is none, and not that there is no run: one would be started again and again.
        refuse: (response) => refuse(response, `${repository}/${file}`),
      });
      for await (const { entries } of pages) {
        const found = entries.find((run) => isOurs(run, { file, ref, key }));
        if (found !== undefined) return runOf(found, clock.now());
      }
      return undefined;
    },

    async start(target, key, inputs, signal) {
      const { repository = asking.repository } = target;
      const file = fileOf(target);
      const ref = target.ref ?? (await defaultBranch(repository, signal));
      await checkName(repository, file, ref, signal);
      const path = `/repos/${encodePath(repository)}/actions/workflows/${encodeURIComponent(file)}/dispatches`;
      // Gitea tells branches from tags by the full ref.
      const body = { ref: `refs/heads/${ref}`, inputs: { ...inputs, "glu-key": key.text } };
      const response = await send({ method: "POST", path, headers, body, signal }, asking);
      if (response.status < 200 || response.status > 299) {
        const declared = Object.keys(body.inputs).join(", ");
        const invalid = `Check that ${ref} exists, and that ${file} has 'on: workflow_dispatch' with the inputs ${declared}.`;
        throw refuse(response, `${repository}/${file}`, invalid);
      }
      return undefined;
    },
  };
}

type Run = Readonly<Record<string, unknown>>;

/** Neither server has to know the filters of the query. */
function isOurs(run: Run, { file, ref, key }: { file: string; ref: string; key: RunKey }): boolean {
  const event = run.trigger_event ?? run.event;
  if (event !== "workflow_dispatch" || fileOfRun(run) !== file) return false;
  if ((run.head_branch ?? run.prettyref) !== ref) return false;
  return carriesKey(textOf(run.display_title ?? run.title) ?? "", key) || inputKey(run) === key.text;
}

/** Gitea: `path` is `smoke.yml@refs/heads/main`; Forgejo: `workflow_id` is `smoke.yml`. */
function fileOfRun(run: Run): string | undefined {
  return (textOf(run.workflow_id) ?? textOf(run.path)?.split("@")[0])?.split("/").at(-1);
}

/** Forgejo: the event as JSON in a text, with the inputs of `workflow_dispatch`. */
function inputKey({ event_payload: payload }: Run): unknown {
  if (typeof payload !== "string") return undefined;
  try {
    const { inputs } = JSON.parse(payload) as { inputs?: Record<string, unknown> };
    return inputs?.["glu-key"];
  } catch {
    // Not the event of a run of ours, then.
    return undefined;
  }
}

function runOf(run: Run, now: number): WorkflowRun {
  const startedAt = run.started_at ?? run.started;
  return workflowRun({ id: run.id, url: run.html_url, startedAt }, stateOf(run), now);
}

/** Gitea: GitHub's words, status and conclusion; Forgejo: one status. */
function stateOf(run: Run): WorkflowRun["state"] {
  const status = run.status === "completed" ? run.conclusion : run.status;
  switch (status) {
    case "success":
      return "succeeded";
    case "failure":
    case "cancelled":
    case "skipped":
      return "failed";
    case "in_progress":
    case "running":
      return "running";
    default:
      return run.status === "completed" ? "failed" : "waiting";
  }
}

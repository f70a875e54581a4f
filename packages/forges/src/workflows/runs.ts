import { OutsideError, type WorkflowRun, type WorkflowTarget } from "@glu/core";
import { webLink } from "../http.ts";
import { textOf } from "../json.ts";

export function workflowRun(
  { id, url, startedAt }: { id: unknown; url: unknown; startedAt: unknown },
  state: WorkflowRun["state"],
  now: number,
): WorkflowRun {
  const started = Date.parse(textOf(startedAt) ?? "");
  return {
    id: String(id),
    url: webLink(textOf(url)),
    state,
    // Gitea says the year 1 of what has not begun.
    startedAt: Number.isNaN(started) || started <= 0 ? now : started,
  };
}

/** The workflow's file, which GitHub and Gitea need. */
export function fileOf({ workflow }: WorkflowTarget): string {
  if (workflow !== undefined) return workflow;
  throw new OutsideError("workflow/no-file", "The gate does not say which workflow to start.", {
    fix: "Name its file: gates: [{ workflow: { file: smoke.yml } }].",
  });
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finished } from "../../e2e/process.ts";
import { type Forge, token } from "../forge.ts";
import type { Machine } from "../machine.ts";
import { filesBelow } from "../secrets.ts";

/** A job of a branch pipeline in a project. */
export interface GitlabJob {
  machine: Machine;
  forge: Forge;
  project: string;
  sha: string;
  pipelineId?: number;
  variables?: Record<string, string>;
}

/** A job as it ended, with the files that GitLab would keep. */
export interface GitlabStep extends Finished {
  /** By their name in `glu-report/`. */
  reports: Record<string, string>;
}

/** Runs a component's command as its template does: inputs are variables, a flag's value ends in a blank. */
export async function runComponent(
  job: GitlabJob,
  command: "promote" | "rollback" | "artifact create" | "drift",
  inputs: Record<string, string>,
): Promise<GitlabStep> {
  const given = Object.entries({
    ...(command === "drift" ? {} : { plan: "false ", overwrite: "false " }),
    ...{ token: "", ref: "", ...inputs },
  });
  const variables = Object.fromEntries(
    given.map(([name, value]) => [`GLU_INPUT_${name.toUpperCase().replaceAll("-", "_")}`, value]),
  );
  const env = { ...variablesOf(job), ...job.variables, ...variables };
  const finished = await job.machine.run("glu.js", command.split(" "), env);
  const folder = join(job.machine.workspace, "glu-report");
  const files = existsSync(folder) ? filesBelow(folder) : {};
  const reports = Object.entries(files).map(([path]): [string, string] => {
    return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
  });
  return { ...finished, reports: Object.fromEntries(reports) };
}

function variablesOf({ forge, machine, project, sha, pipelineId = 900 }: GitlabJob): Record<string, string> {
  return {
    CI: "true",
    GITLAB_CI: "true",
    CI_API_V4_URL: `${forge.origin}/api/v4`,
    CI_COMMIT_AUTHOR: "Seed <seed@test.invalid>",
    CI_COMMIT_BRANCH: "main",
    CI_COMMIT_MESSAGE: "Begin\n",
    CI_COMMIT_REF_NAME: "main",
    CI_COMMIT_SHA: sha,
    CI_DEFAULT_BRANCH: "main",
    CI_JOB_NAME: "promote",
    CI_JOB_TOKEN: token,
    CI_PIPELINE_ID: String(pipelineId),
    CI_PIPELINE_IID: "42",
    CI_PIPELINE_SOURCE: "push",
    CI_PIPELINE_URL: `${forge.origin}/${project}/-/pipelines/${pipelineId}`,
    CI_PROJECT_DIR: machine.workspace,
    CI_PROJECT_PATH: project,
    CI_PROJECT_URL: `${forge.origin}/${project}`,
    CI_SERVER_URL: forge.origin,
    GITLAB_USER_LOGIN: "ada",
  };
}

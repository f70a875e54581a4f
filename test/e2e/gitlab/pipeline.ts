import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { execute } from "../process.ts";
import { root, type Sandbox } from "../sandbox.ts";

/** A pipeline of a checked-out project. */
export interface PipelineRequest {
  /** The working tree with `.gitlab-ci.yml`; its `origin` is the server and the project the run sees. */
  project: string;
  /** Variables of the run, such as `CI_PIPELINE_SOURCE`, and secrets. They travel in a file. */
  variables?: Record<string, string>;
  /** The values of the pipeline's `spec: inputs`. */
  inputs?: Record<string, string>;
  /** Jobs to start by hand; the whole pipeline otherwise. */
  jobs?: readonly string[];
}

export interface PipelineRun {
  exitCode: number | null;
  /** `PASS`, `FAIL` or `WARN` of each job that ran. */
  jobs: Record<string, string>;
  /** What a job printed. */
  logOf(job: string): string;
  /** A file a job left as an artifact; undefined when it is not there. */
  artifact(job: string, path: string): string | undefined;
  /** All that the runner wrote, for a failing test to show. */
  log: string;
}

/** Runs a pipeline by `gitlab-ci-local` with this machine's shell as the executor: no Docker, no network. */
export async function runPipeline(sandbox: Sandbox, request: PipelineRequest): Promise<PipelineRun> {
  const { project } = request;
  writeFileSync(join(project, ".gitlab-ci-local-inputs.yml"), stringify(request.inputs ?? {}));
  const { exitCode, stdout, stderr } = await gitlabCiLocal(sandbox, request, request.jobs ?? []);
  const log = stdout + stderr;
  return {
    exitCode,
    jobs: Object.fromEntries(
      [...log.matchAll(/^ (PASS|FAIL|WARN) {2}(\S+) *$/gm)].map(([, result, job]) => [job, result]),
    ),
    logOf: (job) => linesOf(log, job),
    artifact: (job, path) => readIfThere(join(project, ".gitlab-ci-local/artifacts", job, path)),
    log,
  };
}

/**
 * Fetches a component for the pipelines of a project. Of a component that a pipeline includes twice, gitlab-ci-local makes
 * two copies at once into one folder, and sometimes one of them fails; it takes what is there.
 * @param component as `include: component` names it
 */
export async function fetchComponent(sandbox: Sandbox, request: PipelineRequest, component: string): Promise<void> {
  const file = ".gitlab-ci.fetch.yml";
  writeFileSync(join(request.project, file), stringify({ include: [{ component }] }));
  const { exitCode, stderr } = await gitlabCiLocal(sandbox, request, ["--list", "--file", file]);
  rmSync(join(request.project, file));
  if (exitCode !== 0) throw new Error(`${component} could not be fetched: ${stderr}`);
}

function gitlabCiLocal(sandbox: Sandbox, request: PipelineRequest, more: readonly string[]) {
  const { project } = request;
  // gitlab-ci-local says `GITLAB_CI=false`, by which it can be told from GitLab; here it stands for GitLab.
  const variables = { GITLAB_CI: "true", ...request.variables };
  writeFileSync(join(project, ".gitlab-ci-local-variables.yml"), stringify(variables), { mode: 0o600 });
  return execute(
    "node",
    [
      join(root, "node_modules/gitlab-ci-local/dist/index.js"),
      ...["--force-shell-executor", "--shell-isolation", "--no-artifacts-to-source", "--color=false"],
      // GitLab takes `tags: []`; the schema inside this version does not yet.
      ...["--ignore-schema-paths", "#/definitions/tags/minItems"],
      ...["--ignore-predefined-vars", Object.keys(variables).join(",")],
      ...more,
    ],
    { cwd: project, env: sandbox.environment },
  );
}

/** Lines are `job > text`, the name padded to the longest. */
function linesOf(log: string, job: string): string {
  const prefix = new RegExp(`^${job} +> `);
  return log
    .split("\n")
    .filter((line) => prefix.test(line))
    .map((line) => `${line.replace(prefix, "")}\n`)
    .join("");
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

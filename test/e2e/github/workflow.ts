import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../process.ts";
import type { Sandbox } from "../sandbox.ts";

/** A workflow of a checked-out repository, and the event that starts it. */
export interface WorkflowRequest {
  /** The working tree whose `.github/workflows` holds it; its `origin` names the repository to the run. */
  repository: string;
  event: string;
  /** The event as GitHub's webhook sends it; for `workflow_dispatch` its `inputs`. */
  payload?: object;
  /** File name of the one workflow to run; all that listen to the event otherwise. */
  workflow?: string;
  /** Folders that stand for published actions: `{ "glu/promote@v1": "/…/mirror" }`. */
  actions?: Record<string, string>;
  secrets?: Record<string, string>;
  /** Configuration variables, `vars` to the workflow. */
  configuration?: Record<string, string>;
  /** More environment variables of every step, such as `GITHUB_RUN_ID`. */
  variables?: Record<string, string>;
  actor?: string;
}

export interface StepRun {
  job: string;
  /** The step's `id`, else its position, from "0". */
  id: string;
  result: string;
  outputs: Record<string, string>;
  /** Markdown the step wrote to its summary. */
  summary: string;
  log: string;
}

export interface WorkflowRun {
  exitCode: number | null;
  /** `success` or `failure` of each job by its id. */
  jobs: Record<string, string>;
  steps: StepRun[];
  /** All that the runner wrote, for a failing test to show. */
  log: string;
}

/** Runs a workflow by `act`, with this machine as the runner: no Docker, no network. */
export async function runWorkflow(sandbox: Sandbox, request: WorkflowRequest): Promise<WorkflowRun> {
  const event = join(sandbox.makeFolder("act"), "event.json");
  const secrets = join(sandbox.makeFolder("act"), "secrets.env");
  writeFileSync(event, JSON.stringify(request.payload ?? {}));
  writeFileSync(secrets, assignments(request.secrets ?? {}), { mode: 0o600 });
  const { exitCode, stdout, stderr } = await execute(
    "act",
    [
      request.event,
      "--json",
      "--no-cache-server",
      ...["--platform", "ubuntu-latest=-self-hosted"],
      ...["--eventpath", event],
      ...["--secret-file", secrets],
      ...["--actor", request.actor ?? "ada"],
      ...(request.workflow === undefined ? [] : ["--workflows", join(".github/workflows", request.workflow)]),
      ...Object.entries(request.actions ?? {}).flatMap(([action, folder]) => [
        "--local-repository",
        `${action}=${folder}`,
      ]),
      ...Object.entries(request.configuration ?? {}).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
      ...Object.entries(request.variables ?? {}).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ],
    { cwd: request.repository, env: sandbox.environment },
  );
  return { exitCode, ...readLog(stdout.split("\n").flatMap(parseEntry)), log: stdout + stderr };
}

function assignments(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join("");
}

/** A line of act's JSON log; what is of no interest here is left out. */
interface Entry {
  jobID?: string;
  stage?: string;
  stepID?: string[];
  msg: string;
  raw_output?: boolean;
  stepResult?: string;
  jobResult?: string;
  command?: string;
  name?: string;
  arg?: string;
  content?: string;
}

function parseEntry(line: string): Entry[] {
  return line.startsWith("{") ? [JSON.parse(line) as Entry] : [];
}

function readLog(entries: readonly Entry[]): Pick<WorkflowRun, "jobs" | "steps"> {
  const jobs: Record<string, string> = {};
  const steps = new Map<string, StepRun>();
  for (const entry of entries) {
    const { jobID: job } = entry;
    if (job === undefined) continue;
    if (entry.jobResult !== undefined) jobs[job] = entry.jobResult;
    if (entry.stage !== "Main" || entry.stepID === undefined) continue;
    const id = entry.stepID.join("/");
    const step = steps.get(`${job}/${id}`) ?? { job, id, result: "", outputs: {}, summary: "", log: "" };
    steps.set(`${job}/${id}`, step);
    if (entry.stepResult !== undefined) step.result = entry.stepResult;
    if (entry.command === "set-output") step.outputs[entry.name ?? ""] = entry.arg ?? "";
    else if (entry.command === "summary") step.summary += entry.content ?? "";
    else if (entry.raw_output === true || entry.command !== undefined) step.log += entry.msg;
  }
  return { jobs, steps: [...steps.values()] };
}

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { Finished } from "../../e2e/process.ts";
import { root } from "../../e2e/sandbox.ts";
import { type Forge, token } from "../forge.ts";
import type { Machine } from "../machine.ts";
import type { GithubEvent } from "./events.ts";
import { readCommands, readFileCommands, type WorkflowCommand } from "./runner-files.ts";

/** A job of a workflow run, and what its runner knows. */
export interface GithubJob {
  machine: Machine;
  forge: Forge;
  event: GithubEvent;
  /** `owner/name` that the workflow belongs to. */
  repository?: string;
  runId?: number;
  runNumber?: number;
  attempt?: number;
  job?: string;
  /** Values of the matrix leg. */
  matrix?: Record<string, unknown>;
  /** The built-in token; none on some forges and for pull requests from forks. */
  token?: string | undefined;
  /** Variables of the workflow's own `env`. */
  env?: Record<string, string>;
  /** Gitea and Forgejo set the same variables and one of their own. */
  gitea?: boolean;
}

/** A step as it ended. */
export interface Step extends Finished {
  outputs: Record<string, string>;
  summary: string;
  /** Commands the runner would carry out, in order. */
  commands: WorkflowCommand[];
  /** Where the files of the step are. */
  folder: string;
}

type ActionName = "build-artifact" | "promote" | "rollback" | "drift" | "main";

interface ActionFile {
  inputs: Record<string, { default?: string }>;
  runs: { main: string };
}

/** Runs one step with `uses:` as GitHub's runner does: defaults of `action.yml`, `INPUT_*`, and the files to write to. */
export async function runStep(job: GithubJob, name: ActionName, inputs: Record<string, string>): Promise<Step> {
  const path = name === "main" ? "action.yml" : `actions/${name}/action.yml`;
  const action = parse(readFileSync(join(root, path), "utf8")) as ActionFile;
  const folder = mkdtempSync(join(job.machine.folder, "step-"));
  const files = Object.fromEntries(
    ["OUTPUT", "STEP_SUMMARY", "ENV", "STATE", "PATH"].map((kind) => [`GITHUB_${kind}`, join(folder, kind)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, "");
  const eventPath = join(folder, "event.json");
  writeFileSync(eventPath, JSON.stringify(job.event.payload));
  const finished = await job.machine.run(basename(action.runs.main), [], {
    ...job.env,
    ...variablesOf(job),
    ...files,
    GITHUB_EVENT_PATH: eventPath,
    ...inputVariables(action, inputs, job),
  });
  const read = (kind: string) => readFileSync(join(folder, kind), "utf8");
  return {
    ...finished,
    outputs: readFileCommands(read("OUTPUT")),
    summary: existsSync(join(folder, "STEP_SUMMARY")) ? read("STEP_SUMMARY") : "",
    commands: readCommands(finished.stdout),
    folder,
  };
}

/** Every declared input has a variable, empty where nothing was given; an undeclared one is warned of and passed on. */
function inputVariables(action: ActionFile, given: Record<string, string>, job: GithubJob): Record<string, string> {
  const expressions: Record<string, string> = {
    "${{ github.token }}": job.token ?? "",
    "${{ toJSON(matrix) }}": job.matrix === undefined ? "null" : JSON.stringify(job.matrix, null, 2),
  };
  const defaults = Object.entries(action.inputs).map(([name, { default: value = "" }]): [string, string] => {
    return [name, expressions[value] ?? value];
  });
  const all = Object.entries({ ...Object.fromEntries(defaults), ...given });
  return Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]));
}

function variablesOf(job: GithubJob): Record<string, string> {
  const { event, forge, machine, repository = "acme/web", runId = 4711, runNumber = 42, attempt = 1 } = job;
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    ...(job.gitea ? { GITEA_ACTIONS: "true" } : {}),
    GITHUB_ACTOR: "ada",
    GITHUB_API_URL: `${forge.origin}/api/v3`,
    GITHUB_BASE_REF: event.baseRef ?? "",
    GITHUB_EVENT_NAME: event.name,
    GITHUB_HEAD_REF: event.headRef ?? "",
    GITHUB_JOB: job.job ?? "deliver",
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: event.ref.replace(/^refs\/(?:heads|tags|pull)\//, ""),
    GITHUB_REF_TYPE: event.ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.split("/")[0] ?? "",
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: String(runNumber),
    GITHUB_SERVER_URL: forge.origin,
    GITHUB_SHA: event.sha,
    GITHUB_WORKFLOW: "Deliver",
    GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/deliver.yml@${event.ref}`,
    GITHUB_WORKSPACE: machine.workspace,
    RUNNER_OS: "Linux",
    RUNNER_TEMP: machine.temp,
    RUNNER_TOOL_CACHE: machine.temp,
  };
}

/** A job with the built-in token that may write. */
export function githubJob(
  machine: Machine,
  forge: Forge,
  event: GithubEvent,
  more: Partial<GithubJob> = {},
): GithubJob {
  return { machine, forge, event, token, ...more };
}

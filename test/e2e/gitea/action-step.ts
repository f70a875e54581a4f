import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Acme, RepositoryName } from "../acme/acme.ts";
import { execute, type Finished } from "../process.ts";
import { root, type Sandbox } from "../sandbox.ts";

/** One step of a job: an action of ours, and the event that the job runs for. */
export interface ActionStep {
  action: "build-artifact" | "promote";
  repository: RepositoryName;
  event: "push" | "workflow_dispatch";
  inputs: Record<string, string>;
  run?: string;
}

/** Runs an action's bundle as Gitea's runner does: the forge's variables, files for the answers, the inputs' defaults. */
export async function runOnGitea(sandbox: Sandbox, acme: Acme, step: ActionStep): Promise<Finished> {
  const { action, repository, event } = step;
  const name = `acme/${repository}`;
  const folder = sandbox.makeFolder("gitea", `${action}-${step.run ?? "1"}`);
  const file = (file: string, content = "") => {
    writeFileSync(join(folder, file), content);
    return join(folder, file);
  };
  const sha = await acme.git(repository, "rev-parse", "main");
  const payload = {
    ref: "refs/heads/main",
    ...(event === "push" ? { after: sha } : { inputs: step.inputs }),
    repository: { full_name: name, default_branch: "main" },
    sender: { login: "ada" },
  };
  const workspace = repository === "frontend" ? acme.app : acme.config;
  return execute("node", [join(root, `dist/${action}.js`)], {
    cwd: workspace,
    env: {
      ...sandbox.environment,
      CI: "true",
      GITEA_ACTIONS: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: acme.server.origin,
      GITHUB_API_URL: `${acme.server.origin}/api/v1`,
      GITHUB_REPOSITORY: name,
      GITHUB_REF: "refs/heads/main",
      GITHUB_SHA: sha,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: file("event.json", JSON.stringify(payload)),
      GITHUB_ACTOR: "ada",
      GITHUB_RUN_ID: step.run ?? "1",
      GITHUB_RUN_NUMBER: step.run ?? "1",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_WORKFLOW: "deliver",
      GITHUB_JOB: action,
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: file("output"),
      GITHUB_STEP_SUMMARY: file("summary.md"),
      RUNNER_TEMP: sandbox.makeFolder("gitea", "temp"),
      ...inputVariables(action, step.inputs),
    },
  });
}

/** `INPUT_…`, with the defaults of `action.yml`; expressions in them are what they are in this job. */
function inputVariables(action: string, inputs: Record<string, string>): Record<string, string> {
  const { inputs: declared } = parse(readFileSync(join(root, `actions/${action}/action.yml`), "utf8")) as {
    inputs: Record<string, { default?: string }>;
  };
  const expressions: Record<string, string> = {
    "${{ github.token }}": "built-in-token",
    "${{ toJSON(matrix) }}": "null",
  };
  const unknown = Object.keys(inputs).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`${action} has no input ${unknown.join(", ")}.`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { default: value = "" }]) => [
      `INPUT_${name.toUpperCase()}`,
      inputs[name] ?? expressions[value] ?? value,
    ]),
  );
}

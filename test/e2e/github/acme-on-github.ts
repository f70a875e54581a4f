import { join } from "node:path";
import type { Acme } from "../acme/acme.ts";
import { example } from "../acme/files.ts";
import { root, type Sandbox } from "../sandbox.ts";
import type { Dispatch } from "./dispatch-api.ts";
import { runWorkflow, type WorkflowRun } from "./workflow.ts";

/** The token that the jobs of acme's repositories have, and the Git server wants. */
export const token = "built-in-token";

/** The token that the stand-in of `create-github-app-token` gives for what the example asks of it. */
export const appToken = "app.privatekey.deployments.contents-write";

/** How acme's workflows run: where its Git server and its API are, and which run this is. */
export interface OnGithub {
  acme: Acme;
  /** The folder of the mirrors that a release publishes. */
  mirrors: string;
  /** Folders of more published actions, as `runWorkflow` takes them. */
  actions?: Record<string, string>;
  api?: string;
  run?: { id: string; attempt?: string };
}

/** Runs the app's workflow for a push to main. */
export async function pushToApp(sandbox: Sandbox, on: OnGithub): Promise<WorkflowRun> {
  const sha = await on.acme.git("frontend", "rev-parse", "main");
  const used = /actions\/create-github-app-token@\w+/.exec(example("github/app-build.yml"))?.[0];
  if (used === undefined) throw new Error("The example asks for no token of a GitHub App.");
  return runWorkflow(sandbox, {
    repository: on.acme.app,
    event: "push",
    workflow: "build.yml",
    payload: {
      ref: "refs/heads/main",
      after: sha,
      // GitHub leaves out the end of the message's last line.
      head_commit: { id: sha, message: "Start", author: ada, committer: ada },
      ...describe("frontend"),
    },
    actions: { ...published(on), [used]: join(root, "test/e2e/fixtures/create-github-app-token") },
    secrets: { GITHUB_TOKEN: token, GLU_APP_PRIVATE_KEY: "privatekey", GLU_TOKEN: appToken },
    configuration: { GLU_APP_CLIENT_ID: "client" },
    variables: variables(on),
  });
}

/** What people fill in when they start the config repository's workflow. */
export interface Form {
  app: string;
  environment: string;
  artifact: string;
  reason: string;
}

/** Runs the config repository's workflow as people start it. */
export function promoteByHand(sandbox: Sandbox, on: OnGithub, inputs: Form): Promise<WorkflowRun> {
  return runConfig(sandbox, on, "workflow_dispatch", { ref: "refs/heads/main", inputs });
}

/** Runs it as a `repository_dispatch` starts it. */
export function promoteOnRequest(sandbox: Sandbox, on: OnGithub, { event_type, client_payload }: Dispatch) {
  return runConfig(sandbox, on, "repository_dispatch", { action: event_type, branch: "main", client_payload });
}

/** Runs it as its schedule starts it: there is no sender. */
export function promoteOnSchedule(sandbox: Sandbox, on: OnGithub): Promise<WorkflowRun> {
  return runConfig(sandbox, on, "schedule", { schedule: "*/15 * * * *", sender: undefined });
}

/** What people fill in when they start the workflow that goes back. */
export type RollbackForm = Record<"environment" | "app" | "to" | "reason", string>;

/** Runs the workflow that goes back as people start it. */
export function rollBackByHand(sandbox: Sandbox, on: OnGithub, inputs: RollbackForm): Promise<WorkflowRun> {
  const payload = { ref: "refs/heads/main", inputs };
  return runConfig(sandbox, on, "workflow_dispatch", payload, "rollback.yml");
}

/** Runs a workflow of the config repository by its form. */
export function runByForm(
  sandbox: Sandbox,
  on: OnGithub,
  workflow: string,
  inputs: Readonly<Record<string, string>>,
): Promise<WorkflowRun> {
  return runConfig(sandbox, on, "workflow_dispatch", { ref: "refs/heads/main", inputs }, workflow);
}

function runConfig(
  sandbox: Sandbox,
  on: OnGithub,
  event: string,
  payload: object,
  workflow = "promote.yml",
): Promise<WorkflowRun> {
  return runWorkflow(sandbox, {
    repository: on.acme.config,
    event,
    workflow,
    payload: { ...describe("deployments"), ...payload },
    actions: published(on),
    secrets: { GITHUB_TOKEN: token },
    variables: variables(on),
  });
}

const ada = { name: "Ada", email: "ada@example.org" };

const describe = (name: string) => ({
  repository: { full_name: `acme/${name}`, default_branch: "main" },
  sender: { login: "ada" },
});

const published = ({ mirrors, actions }: OnGithub) => ({
  ...actions,
  "glu/build-artifact@v1": join(mirrors, "build-artifact"),
  "glu/promote@v1": join(mirrors, "promote"),
  "glu/rollback@v1": join(mirrors, "rollback"),
});

const variables = ({ acme, api, run }: OnGithub) => ({
  GITHUB_SERVER_URL: acme.server.origin,
  GITHUB_API_URL: api ?? "http://127.0.0.1:9",
  GITHUB_RUN_ID: run?.id ?? "1",
  GITHUB_RUN_ATTEMPT: run?.attempt ?? "1",
});

import { join } from "node:path";
import { parse } from "yaml";
import type { Acme } from "../acme/acme.ts";
import { example } from "../acme/files.ts";
import type { Sandbox } from "../sandbox.ts";
import { publishProject } from "./component-project.ts";
import { type PipelineRun, runPipeline } from "./pipeline.ts";

/** The masked variable of both projects. */
export const token = "project-access-token";

/** Puts the component project beside acme's on its server, and makes both working trees its clones. */
export async function moveToGitlab(sandbox: Sandbox, acme: Acme, mirrors: string): Promise<void> {
  await publishProject(sandbox, acme.served, "glu/actions", join(mirrors, "gitlab"), ["1.0.0", "1"]);
  await acme.cloneFrom(acme.server.origin);
}

/** Runs the app's pipeline for a push to main. */
export function pushToApp(sandbox: Sandbox, acme: Acme, more: Record<string, string> = {}): Promise<PipelineRun> {
  return runPipeline(sandbox, {
    project: acme.app,
    variables: {
      ...variables("push"),
      // gitlab-ci-local makes up a message.
      CI_COMMIT_MESSAGE: "Start\n",
      CI_REGISTRY: "ghcr.io",
      CI_REGISTRY_IMAGE: "ghcr.io/acme/frontend",
      CI_REGISTRY_USER: "gitlab-ci-token",
      CI_REGISTRY_PASSWORD: "registry-password",
      ...more,
    },
  });
}

/** Runs the config project's pipeline, with values for its inputs. */
export function runConfig(
  sandbox: Sandbox,
  acme: Acme,
  { source, inputs, pipeline = "1" }: { source: string; inputs?: Record<string, string>; pipeline?: string },
): Promise<PipelineRun> {
  return runPipeline(sandbox, {
    project: acme.config,
    variables: { ...variables(source), CI_PIPELINE_ID: pipeline },
    ...(inputs === undefined ? {} : { inputs }),
  });
}

const variables = (source: string) => ({ CI_PIPELINE_SOURCE: source, GLU_TOKEN: token, GITLAB_USER_LOGIN: "ada" });

/**
 * What the app's pipeline asks the config project for, and how: its `trigger`. gitlab-ci-local passes over such a job,
 * so the tests start the other pipeline with these inputs themselves.
 */
export function trigger(): { project: string; branch: string; inputs: Record<string, string> } {
  const pipeline = parse(example("gitlab/app.gitlab-ci.yml")) as { request: { trigger: ReturnType<typeof trigger> } };
  return pipeline.request.trigger;
}

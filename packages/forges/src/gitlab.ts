import { type Requests, UserError } from "@glu/core";
import { type ForgeConnection, field, send, webLink } from "./http.ts";
import { refusal } from "./refusal.ts";
import { effectOfRequests as effect } from "./requests-effect.ts";
import { parseTarget } from "./target.ts";

export interface GitlabOptions extends ForgeConnection {
  /** A job's token, a pipeline trigger token, or a personal, group or project access token. */
  token: string;
  /**
   * How the values travel. `inputs` (default; GitLab 17.11) are those of `spec: inputs` and are checked by GitLab;
   * `variables` are `GLU_…` variables, which newer projects accept from no one unless allowed in their settings.
   */
  parameters?: "inputs" | "variables";
}

/** `artifact-id` is `GLU_ARTIFACT_ID`. */
function variableName(input: string): string {
  return `GLU_${input.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** Access tokens have the prefix `glpat-` and start pipelines by another endpoint than trigger and job tokens. */
function isAccessToken(token: string): boolean {
  return token.startsWith("glpat-");
}

/**
 * GitLab: starts the project's pipeline. Trigger and job tokens by
 * https://docs.gitlab.com/api/pipeline_triggers/#trigger-a-pipeline-with-a-token, where the token is a field of the
 * body; access tokens by https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline.
 */
export function createGitlabRequests(options: GitlabOptions): Requests {
  const { token, parameters = "inputs" } = options;
  const access = isAccessToken(token);

  /** The values as the endpoint wants them: the two differ in the shape of variables. */
  function valuesOf(inputs: Readonly<Record<string, string>>): Record<string, unknown> {
    if (parameters === "inputs") return { inputs };
    const entries = Object.entries(inputs).map(([name, value]) => [variableName(name), value] as const);
    return { variables: access ? entries.map(([key, value]) => ({ key, value })) : Object.fromEntries(entries) };
  }

  async function defaultBranch(id: string, repository: string): Promise<string> {
    const headers: Record<string, string> = access ? { "private-token": token } : {};
    const response = await send({ method: "GET", path: `/projects/${id}`, headers }, options);
    const branch = response.status === 200 ? field(response.json, "default_branch") : undefined;
    if (branch !== undefined) return branch;
    throw new UserError("input/request", `The default branch of ${repository} cannot be read with this token.`, {
      seen: repository,
      fix: `Name the branch: '${repository}@main'.`,
    });
  }

  return {
    async request(text, inputs) {
      const target = parseTarget(text, "gitlab");
      const { repository } = target;
      const id = encodeURIComponent(repository);
      const ref = target.ref ?? (await defaultBranch(id, repository));
      const values = valuesOf(inputs);
      const response = await send(
        {
          method: "POST",
          path: access ? `/projects/${id}/pipeline` : `/projects/${id}/trigger/pipeline`,
          headers: { "content-type": "application/json", ...(access ? { "private-token": token } : {}) },
          body: access ? { ref, ...values } : { token, ref, ...values },
          effect,
        },
        options,
      );
      if (response.status === 201) return { url: webLink(field(response.json, "web_url")) };
      throw refusal(response, {
        target: repository,
        token,
        permission:
          `With the job token, add this project to 'Settings > CI/CD > Job token permissions' of ${repository}, and whoever ` +
          `runs the job must be allowed to run pipelines on ${ref}. Or pass a pipeline trigger token of ${repository} ` +
          "as GLU_TOKEN.",
        missing: `Check the path ${repository}; a trigger token works for its own project only.`,
        invalid:
          `Check that ${ref} exists, and that 'spec: inputs' in its .gitlab-ci.yml has ${Object.keys(inputs).join(", ")}. ` +
          "Variables need 'Minimum role to use pipeline variables' in the project's CI/CD settings.",
      });
    },
  };
}

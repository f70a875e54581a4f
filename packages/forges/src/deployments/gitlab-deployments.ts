import type { Deployment, Deployments } from "@glu/core";
import { type ForgeResponse, type SendOnce, unlessItStands } from "../http.ts";
import { listOf, mappingOf, textOf } from "../json.ts";
import { notTold } from "../telling/not-told.ts";
import type { DeploymentsAskingWithToken } from "./create-deployments.ts";

type Json = Readonly<Record<string, unknown>>;

const states = { "in-progress": "running", success: "success", failure: "failed" } as const;

/** The tiers that GitLab knows; others are left to it. */
const tiers = ["production", "staging", "testing", "development", "other"];

/**
 * Environments and deployments of GitLab (https://docs.gitlab.com/api/environments/,
 * https://docs.gitlab.com/api/deployments/). They have no room for what a deployment is of: the last one of an
 * environment is this release when it is of the same commit. GitLab itself takes the newest successful one for what
 * runs. With a job's token also, in its own project.
 */
export function createGitlabDeployments(asking: DeploymentsAskingWithToken): Deployments {
  const { token, repository, webUrl } = asking;
  const isJobs = /^glcbt-/.test(token);
  const headers = { [isJobs ? "job-token" : "private-token"]: token, "content-type": "application/json" };
  const base = `/projects/${encodeURIComponent(repository)}`;
  const refuse = (response: ForgeResponse) =>
    notTold("deployment", response, {
      target: repository,
      token,
      permission:
        `It needs a job token of ${repository} whose user may deploy there, or a project access token with the role ` +
        "Developer and the scope 'api', as GLU_TOKEN; to a protected environment, of somebody who is allowed to deploy.",
      missing: `Check the path ${repository}.`,
      invalid: `Check that the commit and its branch are in ${repository}, and the addresses.`,
    });

  async function list(ask: SendOnce, path: string): Promise<Json[]> {
    const response = await ask({ method: "GET", path: `${base}${path}`, headers });
    const found = response.status === 200 ? listOf(response.json) : undefined;
    if (found === undefined) throw refuse(response);
    return found;
  }

  async function write(ask: SendOnce, method: "POST" | "PUT", path: string, body: Json): Promise<Json> {
    const response = await ask({ method, path: `${base}${path}`, headers, body });
    if (response.status !== (method === "POST" ? 201 : 200)) throw refuse(response);
    return mappingOf(response.json);
  }

  /** @returns its id */
  async function environmentOf(ask: SendOnce, { environment: name, page, tier }: Deployment): Promise<number> {
    const query = new URLSearchParams({ name });
    const found = (await list(ask, `/environments?${query}`)).find((one) => one.name === name);
    const url = page === undefined ? {} : { external_url: page };
    const made =
      found ??
      (await write(ask, "POST", "/environments", {
        name,
        ...url,
        ...(tier !== undefined && tiers.includes(tier) ? { tier } : {}),
      }));
    const { id } = made;
    if (typeof id !== "number") throw refuse({ status: 200, headers: new Headers(), json: made });
    const differs = page !== undefined && (textOf(made.external_url) ?? "") !== page;
    if (found !== undefined && differs) await write(ask, "PUT", `/environments/${id}`, url);
    return id;
  }

  return {
    tell: (deployment) =>
      unlessItStands(asking, async (ask) => {
        const { environment, commit, ref } = deployment;
        const status = states[deployment.state];
        const id = await environmentOf(ask, deployment);
        const query = new URLSearchParams({ environment, order_by: "id", sort: "desc", per_page: "1" });
        const [last] = await list(ask, `/deployments?${query}`);
        if (last?.sha !== commit) {
          const body = { environment, sha: commit, ref: ref.name, tag: ref.isTag, status };
          await write(ask, "POST", "/deployments", body);
        } else if (last.status !== status && status !== "running") {
          // What is finished does not begin again.
          await write(ask, "PUT", `/deployments/${Number(last.id)}`, { status });
        }
        return `${webUrl}/-/environments/${id}`;
      }),
  };
}

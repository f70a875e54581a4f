import { type GithubAnswer, invalid, noPermission, notFound, ok, refused } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";
import { userJson } from "./resources.ts";
import type { GithubDeployment, GithubRepository } from "./state.ts";
import { pageOf } from "./traffic.ts";

const all = "/repos/{owner}/{repo}/deployments";
const one = `${all}/{deployment_id}`;

/** Deployments and their statuses. */
export const deploymentRoutes: Readonly<Record<string, (call: GithubCall) => GithubAnswer>> = {
  [`GET ${all}`]: list,
  [`POST ${all}`]: create,
  [`GET ${one}/statuses`]: (call) =>
    onDeployment(call, ({ statuses }) =>
      pageOf(statuses.toReversed(), call.query, (status) => statusJson(call.repository, status)),
    ),
  [`POST ${one}/statuses`]: (call) => onDeployment(call, (deployment) => setStatus(call, deployment)),
};

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

function onDeployment(call: GithubCall, handler: (deployment: GithubDeployment) => GithubAnswer): GithubAnswer {
  const found = call.repository.deployments.find(({ id }) => id === Number(call.params.deployment_id));
  return found === undefined ? notFound : handler(found);
}

/** Newest first. */
function list({ repository, query }: GithubCall): GithubAnswer {
  const is = (name: string, value: string) => [null, "none", value].includes(query.get(name));
  const found = repository.deployments.filter(
    ({ sha, ref, task, environment }) =>
      is("sha", sha) && is("ref", ref) && is("task", task) && is("environment", environment),
  );
  return pageOf(found.toReversed(), query, (deployment) => deploymentJson(repository, deployment));
}

function create({ repository, identity, body }: GithubCall): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const ref = String(body.ref);
  const sha = repository.has(ref) ? ref : repository.tip(ref);
  if (sha === undefined) return refused(422, `No ref found for: ${ref}`);
  const behind = repository.git.git("rev-list", "--count", `${sha}..main`) !== "0";
  if (body.auto_merge !== false && behind) return refused(409, `Conflict merging main into ${ref}`);
  const contexts = body.required_contexts as string[] | undefined;
  const bad = repository.statuses.filter((status) => status.sha === sha && status.state !== "success");
  if (bad.some(({ context }) => contexts === undefined || contexts.includes(context))) {
    return refused(409, `Conflict: Commit status checks failed for ${ref}`);
  }
  const environment = String(body.environment ?? "production");
  const deployment: GithubDeployment = {
    id: 1 + repository.deployments.length,
    sha,
    ref,
    task: String(body.task ?? "deploy"),
    environment,
    description: (body.description as string | undefined) ?? null,
    payload: (body.payload as Json | string | undefined) ?? {},
    transient: body.transient_environment === true,
    production: (body.production_environment as boolean | undefined) ?? environment === "production",
    creator: identity,
    at: now(),
    statuses: [],
  };
  repository.deployments.push(deployment);
  return ok(deploymentJson(repository, deployment), 201);
}

function setStatus({ repository, identity, body }: GithubCall, deployment: GithubDeployment): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const { state = "", description = "", environment_url = "", log_url = "" } = body as Record<string, string>;
  const custom = (message: string) => invalid({ resource: "DeploymentStatus", code: "custom", message });
  if ([...description].length > 140) return custom("description is too long (maximum is 140 characters)");
  for (const [name, url] of Object.entries({ environment_url, log_url })) {
    if (url !== "" && !/^https?:\/\//.test(url)) return custom(`${name} must use http(s) scheme`);
  }
  const status = { id: 0, deployment, state, description, environment_url, log_url, creator: identity, at: now() };
  if (state === "success" && body.auto_inactive !== false) {
    for (const other of repository.deployments) {
      const isPrior = other.id < deployment.id && other.environment === deployment.environment;
      if (!isPrior || other.transient || other.production || other.statuses.at(-1)?.state !== "success") continue;
      other.statuses.push({ ...status, deployment: other, state: "inactive", id: nextId(repository) });
    }
  }
  const made = { ...status, id: nextId(repository) };
  deployment.statuses.push(made);
  return ok(statusJson(repository, made), 201);
}

const nextId = ({ deployments }: GithubRepository): number =>
  1 + deployments.reduce((sum, { statuses }) => sum + statuses.length, 0);

/** The id of a deployment in GraphQL. */
export const deploymentNode = ({ fullName }: GithubRepository, { id }: GithubDeployment): string =>
  `DE_${Buffer.from(`${fullName}#${id}`).toString("base64url")}`;

function deploymentJson(repository: GithubRepository, deployment: GithubDeployment): Json {
  const { id, sha, ref, task, environment, description, payload, transient, production, creator, at } = deployment;
  const { performed_via_github_app: _, ...example } = GithubOpenapi.get().example("deployment");
  const url = `https://api.github.com/repos/${repository.fullName}/deployments/${id}`;
  return {
    ...example,
    node_id: deploymentNode(repository, deployment),
    ...{ url, id, sha, ref, task, payload, environment, original_environment: environment, description },
    creator: userJson(creator),
    created_at: at,
    updated_at: at,
    statuses_url: `${url}/statuses`,
    transient_environment: transient,
    production_environment: production,
  };
}

function statusJson(repository: GithubRepository, status: GithubDeployment["statuses"][number]): Json {
  const { id, deployment, state, description, environment_url, log_url, creator, at } = status;
  const { performed_via_github_app: _, ...example } = GithubOpenapi.get().example("deployment-status");
  const url = `https://api.github.com/repos/${repository.fullName}/deployments/${deployment.id}`;
  return {
    ...example,
    ...{ url: `${url}/statuses/${id}`, id, state, description, environment: deployment.environment },
    creator: userJson(creator),
    target_url: log_url,
    created_at: at,
    updated_at: at,
    deployment_url: url,
    environment_url,
    log_url,
  };
}

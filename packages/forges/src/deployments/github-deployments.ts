import type { Deployment, Deployments } from "@glu/core";
import { type SendOnce, unlessItStands } from "../http.ts";
import { listOf, mappingOf, textOf } from "../json.ts";
import { oneLine } from "../telling/one-line.ts";
import type { DeploymentsAskingWithToken } from "./create-deployments.ts";
import { githubDeploymentCalls, longestDescription } from "./github-deployment-calls.ts";

type Json = Readonly<Record<string, unknown>>;

const perPage = 100;
/** Earlier ones that are looked at: each took the place of the one before it. */
const mostEarlier = 3;

const states = { "in-progress": "in_progress", success: "success", failure: "failure" } as const;

/**
 * Deployments of GitHub (https://docs.github.com/en/rest/deployments). Which release one is of stands in its payload.
 * GitHub's own `auto_inactive` is not used: it makes what other apps have in the same environment inactive as well, and
 * nothing in those of production.
 */
export function createGithubDeployments(asking: DeploymentsAskingWithToken): Deployments {
  const { webUrl } = asking;
  const { get, post, refuse } = githubDeploymentCalls(asking);

  async function list(ask: SendOnce, path: string, query: Readonly<Record<string, string>>): Promise<Json[]> {
    const search = new URLSearchParams({ ...query, per_page: query.per_page ?? String(perPage) });
    const response = await get(ask, `${path}?${search}`);
    const found = response.status === 200 ? listOf(response.json) : undefined;
    if (found === undefined) throw refuse(response);
    return found;
  }

  async function latestOf(ask: SendOnce, id: number): Promise<Json | undefined> {
    return (await list(ask, `/${id}/statuses`, { per_page: "1" }))[0];
  }

  async function create(ask: SendOnce, { of, facts, ...deployment }: Deployment): Promise<number> {
    return post(ask, "", {
      ref: deployment.commit,
      environment: deployment.environment,
      description: oneLine(deployment.description, longestDescription),
      payload: { ...facts, ...of, glu: "deployment.v1" },
      // What is told has happened: GitHub is not to merge anything for it, nor to wait for checks.
      auto_merge: false,
      required_contexts: [],
      production_environment: deployment.tier === "production",
      transient_environment: deployment.isTransient,
    });
  }

  /** The state, unless it is that already. */
  async function bringUpToDate(ask: SendOnce, id: number, deployment: Deployment, isNew: boolean): Promise<void> {
    const latest = isNew ? undefined : await latestOf(ask, id);
    const state = states[deployment.state];
    const page = deployment.page ?? "";
    if (latest?.state === state && (textOf(latest.environment_url) ?? "") === page) return;
    // What another one has taken the place of stays so.
    if (latest?.state === "inactive") return;
    await post(ask, `/${id}/statuses`, {
      state,
      description: oneLine(deployment.description, longestDescription),
      auto_inactive: false,
      ...(deployment.log === undefined ? {} : { log_url: deployment.log }),
      ...(page === "" ? {} : { environment_url: page }),
    });
  }

  /** What the app had there before. One that was in progress and is overtaken will not be finished any more. */
  async function end(ask: SendOnce, id: number, { of, environment, state }: Deployment): Promise<void> {
    const over = state === "success" ? ["success", "in_progress"] : ["in_progress"];
    const all = await list(ask, "", { environment });
    const earlier = all.filter((one) => isOfApp(one, of) && Number(one.id) < id).slice(0, mostEarlier);
    for (const one of earlier) {
      const latest = await latestOf(ask, Number(one.id));
      if (!over.includes(textOf(latest?.state) ?? "")) continue;
      await post(ask, `/${Number(one.id)}/statuses`, { state: "inactive", auto_inactive: false });
    }
  }

  return {
    tell: (deployment) =>
      unlessItStands(asking, async (ask) => {
        const { of, commit: sha, environment } = deployment;
        const there = await list(ask, "", { sha, environment });
        const found = there.find((one) => isOfApp(one, of) && mappingOf(payloadOf(one)).request === of.request)?.id;
        const id = typeof found === "number" ? found : await create(ask, deployment);
        await bringUpToDate(ask, id, deployment, found === undefined);
        await end(ask, id, deployment);
        return `${webUrl}/deployments/${encodeURIComponent(environment)}`;
      }),
  };
}

/** GitHub gives it as it was given, or as its JSON. */
function payloadOf({ payload }: Json): unknown {
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload);
  } catch {
    // Somebody else's, which says anything.
    return undefined;
  }
}

function isOfApp(one: Json, { app, environment }: Deployment["of"]): boolean {
  const payload = mappingOf(payloadOf(one));
  return payload.app === app && payload.environment === environment;
}

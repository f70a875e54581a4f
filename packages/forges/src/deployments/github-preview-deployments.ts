import type { PreviewDeployment, PreviewDeployments } from "@glu/core";
import { askGraphql, asOfRest } from "../ask-graphql.ts";
import type { AskingWithToken } from "../asking.ts";
import { type SendOnce, unlessItStands } from "../http.ts";
import { listOf, mappingOf, textOf } from "../json.ts";
import { oneLine } from "../telling/one-line.ts";
import { githubDeploymentCalls, longestDescription } from "./github-deployment-calls.ts";

/** The environment of all previews: one for each pull request would stay for ever, or take an administrator to delete. */
const environment = "preview";
/** Nodes that GraphQL gives at once. */
const mostNodes = 100;

const latest = `query LatestStatuses($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Deployment { id latestStatus { state environmentUrl } } }
}`;

/** A deployment of the task, and its last status. */
interface Told {
  id: number;
  sha: string;
  /** Undefined: it has none. */
  state: string | undefined;
  page: string;
}

const states = { "in-progress": "in_progress", success: "success", failure: "failure" } as const;

/**
 * Previews as deployments of GitHub (https://docs.github.com/en/rest/deployments). Its own `auto_inactive` skips transient
 * environments, and a preview's is one: what is over is made inactive one by one. A list of deployments tells no states,
 * and GraphQL knows no tasks, so each is asked for what it knows.
 */
export function createGithubPreviewDeployments(asking: AskingWithToken): PreviewDeployments {
  const { all, post, refuse } = githubDeploymentCalls(asking);

  /** Oldest first. A page may begin with what another one ended with, when one was made between them. */
  async function find(ask: SendOnce, task: string): Promise<Told[]> {
    const found = new Map((await all(ask, { task, environment })).map((one) => [textOf(one.node_id) ?? "", one]));
    const nodes = [...found.keys()];
    const told: Told[] = [];
    for (let at = 0; at < nodes.length; at += mostNodes) {
      const answer = await askGraphql(asking, latest, { ids: nodes.slice(at, at + mostNodes) });
      const statuses = listOf(answer.data.nodes);
      // What was deleted meanwhile is not there any more, and nothing is to be told of it.
      const isRefused = answer.errors.some(({ type }) => type !== "NOT_FOUND");
      if (statuses === undefined || isRefused) throw refuse(asOfRest(answer));
      for (const { id: node, latestStatus } of statuses) {
        const { id, sha } = found.get(textOf(node) ?? "") ?? {};
        if (typeof id !== "number" || typeof sha !== "string") continue;
        const { state, environmentUrl } = mappingOf(latestStatus);
        told.push({ id, sha, state: textOf(state)?.toLowerCase(), page: textOf(environmentUrl) ?? "" });
      }
    }
    return told.sort((a, b) => a.id - b.id);
  }

  const create = (ask: SendOnce, task: string, { commit, description }: PreviewDeployment): Promise<number> =>
    post(ask, "", {
      ...{ ref: commit, task, environment, description: oneLine(description, longestDescription) },
      payload: { glu: "preview.v1" },
      // What is told has happened: GitHub is not to merge anything for it, nor to wait for checks.
      ...{ auto_merge: false, required_contexts: [] },
      ...{ production_environment: false, transient_environment: true },
    });

  async function tell(ask: SendOnce, id: number, { state, description, page, log }: PreviewDeployment): Promise<void> {
    await post(ask, `/${id}/statuses`, {
      state: states[state],
      description: oneLine(description, longestDescription),
      auto_inactive: false,
      ...(log === undefined ? {} : { log_url: log }),
      ...(page === undefined ? {} : { environment_url: page }),
    });
  }

  return {
    async settle(task, current) {
      let written = false;
      await unlessItStands(asking, async (ask) => {
        const there = await find(ask, task);
        // Two runs may each have made one: the older is the one.
        const own = current && there.find(({ sha }) => sha === current.commit);
        if (current !== undefined && isNews(own, current)) {
          written = true;
          await tell(ask, own?.id ?? (await create(ask, task, current)), current);
        }
        for (const { id, state } of there) {
          if (id === own?.id || state === "inactive") continue;
          written = true;
          await post(ask, `/${id}/statuses`, { state: "inactive", auto_inactive: false });
        }
      });
      return written;
    },
  };
}

/** What is finished does not begin again, and what somebody looked at is not overruled by what nobody did. */
function isNews(own: Told | undefined, { state, isChecked, page }: PreviewDeployment): boolean {
  if (own?.state === undefined || own.state === "inactive" || own.page !== (page ?? "")) return true;
  if (own.state === states[state]) return false;
  return isChecked || (state === "success" && own.state !== "failure");
}

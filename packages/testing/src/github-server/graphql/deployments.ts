import { deploymentNode } from "../deployment-routes.ts";
import type { GithubDeployment } from "../state.ts";
import { GithubRefusal, type Resolvers } from "./resolver.ts";

/** What GitHub gives of nodes at once. */
const mostNodes = 100;

/** Deployments by their ids. */
export const deploymentResolvers: Resolvers = {
  "Query.nodes": (_, { ids }, context) => {
    const wanted = ids as string[];
    if (wanted.length > mostNodes) {
      const words = `You may not provide more than ${mostNodes} node ids; you provided ${wanted.length}.`;
      throw new GithubRefusal("ARGUMENT_LIMIT", words);
    }
    const all = context.repositories().flatMap((repository) =>
      repository.deployments.map((deployment) => ({
        __typename: "Deployment",
        id: deploymentNode(repository, deployment),
        deployment,
      })),
    );
    const byId = new Map(all.map((one) => [one.id, one]));
    return wanted.map(
      (id) =>
        byId.get(id) ?? new GithubRefusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`),
    );
  },
  "Deployment.latestStatus": ({ deployment: { statuses } }: { deployment: GithubDeployment }) => {
    const last = statuses.at(-1);
    if (last === undefined) return null;
    return {
      state: last.state.toUpperCase(),
      environmentUrl: last.environment_url === "" ? null : last.environment_url,
    };
  },
};

import { userJson } from "../resources.ts";
import { type Resolvers, repositoryFor } from "./resolver.ts";

/** Where a query begins: who asks, and a repository. */
export const queryResolvers: Resolvers = {
  "Query.viewer": (_, __, { identity }) => ({ login: identity.login, databaseId: userJson(identity).id }),
  "Query.repository": (_, { owner, name }, context) => repositoryFor(context, `${owner}/${name}`),
  "Repository.nameWithOwner": ({ fullName }) => fullName,
  "Repository.name": ({ name }) => name,
};

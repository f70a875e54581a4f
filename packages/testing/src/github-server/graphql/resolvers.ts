import { autoMergeResolvers } from "./auto-merge.ts";
import { commitResolvers } from "./commits.ts";
import { deploymentResolvers } from "./deployments.ts";
import { objectResolvers } from "./objects.ts";
import { pullResolvers } from "./pulls.ts";
import { queryResolvers } from "./queries.ts";
import type { Resolvers } from "./resolver.ts";

/**
 * All fields that the fake answers, a file for each topic. To add one: a file beside this one that exports
 * {@link Resolvers}, by `Type.field` (a name that GitHub's schema does not have fails at the start), and a line here. It
 * throws a `GithubRefusal` for what GitHub refuses.
 */
export const resolvers: Resolvers = together(
  autoMergeResolvers,
  commitResolvers,
  deploymentResolvers,
  objectResolvers,
  pullResolvers,
  queryResolvers,
);

/** One would hide the other. @throws Error for a field that two topics have */
function together(...topics: readonly Resolvers[]): Resolvers {
  const all = topics.flatMap((topic) => Object.entries(topic));
  const twice = all.find(([key], index) => all.findIndex(([other]) => other === key) !== index);
  if (twice !== undefined) throw new Error(`${twice[0]} has two resolvers`);
  return Object.fromEntries(all);
}

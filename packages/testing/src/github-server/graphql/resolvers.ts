import { autoMergeResolvers } from "./auto-merge.ts";
import { commitResolvers } from "./commits.ts";
import { objectResolvers } from "./objects.ts";
import { queryResolvers } from "./queries.ts";
import type { Resolvers } from "./resolver.ts";

/**
 * All fields that the fake answers, a file for each topic. To add one: a file beside this one that exports
 * {@link Resolvers}, by `Type.field` (a name that GitHub's schema does not have fails at the start), and a line here. It
 * throws a `GithubRefusal` for what GitHub refuses.
 */
export const resolvers: Resolvers = {
  ...autoMergeResolvers,
  ...commitResolvers,
  ...objectResolvers,
  ...queryResolvers,
};

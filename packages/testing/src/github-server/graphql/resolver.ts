import type { Json } from "../openapi.ts";
import type { GithubIdentity, GithubRepository } from "../state.ts";

export interface GraphqlContext {
  identity: GithubIdentity;
  /** The repository as far as the identity sees it. @param fullName `owner/name` in any case */
  repository(fullName: string): GithubRepository | undefined;
  /** All that the identity sees. */
  repositories(): readonly GithubRepository[];
}

/**
 * What a field is. An object may hold its other fields as properties, or leave them to resolvers of their own; where the
 * schema says no more than an interface or a union, it has `__typename`.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a source is, the resolver that made it knows
export type Resolver = (source: any, args: Json, context: GraphqlContext) => unknown;

/** By `Type.field`, such as `Query.viewer`, `Mutation.createCommitOnBranch`. */
export type Resolvers = Readonly<Record<string, Resolver>>;

/** What GitHub answers in words: the field is null, and the error tells its type, such as `NOT_FOUND`. */
export class GithubRefusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** A field that GitHub has, and the fake does not. */
export class Unmodelled extends Error {
  constructor(key: string) {
    super(`${key} is not modelled`);
  }
}

/** A repository that is there for the identity. @throws GithubRefusal in GitHub's words */
export function repositoryFor(context: GraphqlContext, fullName: string): GithubRepository {
  const repository = context.repository(fullName);
  repository?.catchUp();
  if (repository !== undefined) return repository;
  throw new GithubRefusal("NOT_FOUND", `Could not resolve to a Repository with the name '${fullName}'.`);
}

/** @throws GithubRefusal for a token that only reads */
export function mustWrite({ identity }: GraphqlContext): void {
  if (identity.access === "write") return;
  throw new GithubRefusal("FORBIDDEN", "Resource not accessible by integration");
}

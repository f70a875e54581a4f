import { readFileSync } from "node:fs";
import {
  buildSchema,
  executeSync,
  GraphQLError,
  type GraphQLFieldResolver,
  GraphQLScalarType,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import { type GithubAnswer, ok } from "../answers.ts";
import type { Json } from "../openapi.ts";
import { GithubRefusal, type GraphqlContext, Unmodelled } from "./resolver.ts";
import { resolvers } from "./resolvers.ts";

/**
 * GitHub's GraphQL schema as a judge of what is asked, and resolvers that answer it. What the schema does not have, and
 * each field that no resolver knows, is a problem. Read when it is first needed.
 */
export class GithubGraphql {
  readonly #schema: GraphQLSchema;
  static #only: GithubGraphql | undefined;

  /** What can be changed by it, as far as that is modelled. */
  static readonly mutations: readonly string[] = Object.keys(resolvers).flatMap((key) =>
    key.startsWith("Mutation.") ? [key.slice("Mutation.".length)] : [],
  );

  static get(): GithubGraphql {
    GithubGraphql.#only ??= new GithubGraphql();
    return GithubGraphql.#only;
  }

  private constructor() {
    const file = new URL("./schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
    // As it is published: it has a field twice, which is not for us to judge.
    this.#schema = buildSchema(readFileSync(file, "utf8"), { assumeValidSDL: true });
    for (const [name, pattern] of Object.entries(scalars)) this.#narrow(name, pattern);
    for (const key of Object.keys(resolvers)) this.#mustHave(key);
  }

  /** Answers a request. @param problem is told what GitHub would not understand, and what is not modelled */
  answer(body: Json, context: GraphqlContext, problem: (what: string) => void): GithubAnswer {
    const { query, variables, operationName } = body;
    const complain = (errors: readonly Error[]): GithubAnswer => {
      for (const { message } of errors) problem(`graphql: ${message}`);
      return ok({ errors: errors.map(({ message }) => ({ message })) });
    };
    const unknown = Object.keys(body).filter((key) => !["query", "variables", "operationName"].includes(key));
    if (unknown.length > 0) problem(`graphql: a request has no ${unknown.join(", ")}`);
    try {
      const document = parse(String(query));
      const invalid = validate(this.#schema, document);
      if (invalid.length > 0) return complain(invalid);
      const { data, errors = [] } = executeSync({
        schema: this.#schema,
        document,
        contextValue: context,
        variableValues: (variables ?? {}) as Json,
        ...(typeof operationName === "string" ? { operationName } : {}),
        fieldResolver: resolve,
      });
      // A variable that does not fit is refused as a whole: there is no data then.
      const wrong = errors.filter(({ originalError }) => !(originalError instanceof GithubRefusal));
      for (const { message } of wrong) problem(`graphql: ${message}`);
      return ok({ ...(data === undefined ? {} : { data }), ...(errors.length > 0 && { errors: errors.map(told) }) });
    } catch (error) {
      if (error instanceof GraphQLError) return complain([error]);
      throw error;
    }
  }

  #narrow(name: string, pattern: RegExp): void {
    const scalar = this.#schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) throw new Error(`GitHub has no scalar ${name}`);
    const read = (value: unknown): unknown => {
      if (typeof value === "string" && pattern.test(value)) return value;
      throw new GraphQLError(`${JSON.stringify(value)?.slice(0, 80)} is no ${name}`);
    };
    scalar.parseValue = read;
    scalar.serialize = read;
  }

  #mustHave(key: string): void {
    const [name = "", field = ""] = key.split(".");
    const type = this.#schema.getType(name);
    if (type === undefined || !("getFields" in type) || type.getFields()[field] === undefined) {
      throw new Error(`GitHub's GraphQL has no ${key}`);
    }
  }
}

/** Of what is asked and answered, more than that it is a text. */
const scalars: Readonly<Record<string, RegExp>> = {
  GitObjectID: /^[0-9a-f]{40}$/,
  DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  Base64String: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  URI: /^https?:\/\//,
};

/** A resolver's answer, else what the object holds under the field's name; what neither has is not modelled. */
const resolve: GraphQLFieldResolver<Json, GraphqlContext> = (source, args, context, info) => {
  const key = `${info.parentType.name}.${info.fieldName}`;
  const resolver = resolvers[key];
  if (resolver !== undefined) return resolver(source, args, context);
  if (source !== undefined && Object.hasOwn(source, info.fieldName)) return source[info.fieldName];
  throw new Unmodelled(key);
};

/** GitHub puts the type of an error beside its message. */
function told(error: GraphQLError): Json {
  const { message, path, locations, originalError } = error;
  return {
    ...(originalError instanceof GithubRefusal ? { type: originalError.type } : {}),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

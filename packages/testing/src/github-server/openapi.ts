import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

export type Json = Record<string, unknown>;

interface Operation {
  parameters?: readonly Json[];
  requestBody?: { content?: Record<string, { schema: Json }>; required?: boolean };
  responses: Record<string, Json & { content?: Record<string, { schema: Json }>; $ref?: string }>;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, Json>>;
}

/** A call as GitHub's description of its API knows it. */
export interface Route {
  /** Such as `POST /repos/{owner}/{repo}/pulls`. */
  name: string;
  /** Decoded. */
  params: Readonly<Record<string, string>>;
}

const id = "github:";
/** These hold slashes. */
const several = new Set(["path", "ref", "basehead", "branch"]);

/** GitHub's OpenAPI description as a judge of what is asked and answered. Read when it is first needed. */
export class GithubOpenapi {
  readonly #description: Description;
  readonly #routes: { method: string; template: string; pattern: RegExp; names: string[] }[];
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();
  static #only: GithubOpenapi | undefined;

  static get(): GithubOpenapi {
    GithubOpenapi.#only ??= new GithubOpenapi();
    return GithubOpenapi.#only;
  }

  private constructor() {
    const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
    this.#description = JSON.parse(readFileSync(file, "utf8"));
    const { schemas } = this.#description.components;
    this.#ajv.addSchema({ $id: id, components: { schemas: modern(schemas) } } as Json);
    this.#routes = Object.entries(this.#description.paths).flatMap(([template, operations]) => {
      const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
      const source = template
        .split(/\{[^}]+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .reduce((left, right, index) => `${left}${several.has(names[index - 1] ?? "") ? "(.+)" : "([^/]+)"}${right}`);
      return Object.keys(operations).map((method) => {
        return { method: method.toUpperCase(), template, pattern: new RegExp(`^${source}$`), names };
      });
    });
  }

  /** The route with the fewest variable parts, and of these the longest; undefined for what GitHub does not have. */
  route(method: string, path: string): Route | undefined {
    const [best] = this.#routes
      .filter((one) => one.method === method && one.pattern.test(path))
      .sort((a, b) => a.names.length - b.names.length || b.template.length - a.template.length);
    if (best === undefined) return undefined;
    const values = best.pattern.exec(path)?.slice(1) ?? [];
    const params = best.names.map((name, index) => [name, decodeURIComponent(values[index] ?? "")]);
    return { name: `${method} ${best.template}`, params: Object.fromEntries(params) };
  }

  /** What of a request GitHub does not know. */
  requestProblems(route: string, query: URLSearchParams, body: unknown): string[] {
    const { parameters = [], requestBody } = this.#operation(route);
    const known = parameters
      .map((one) => this.#resolved(one))
      .filter((one) => one.in === "query")
      .map((one) => [one.name as string, (one.schema as { enum?: unknown[] }).enum] as const);
    const problems: string[] = [];
    for (const [name, value] of query) {
      const found = known.find(([one]) => one === name);
      if (found === undefined) problems.push(`${route}: query ${name}`);
      else if (found[1] !== undefined && !found[1].includes(value)) problems.push(`${route}: query ${name}=${value}`);
    }
    const schema = requestBody?.content?.["application/json"]?.schema;
    if (schema === undefined && body !== undefined) problems.push(`${route}: takes no body`);
    if (schema !== undefined && (body !== undefined || requestBody?.required === true)) {
      problems.push(...this.#judge(`${route} body`, schema, body));
    }
    return problems;
  }

  /** What of an answer GitHub would not say. */
  responseProblems(route: string, status: number, body: unknown): string[] {
    const found = this.#operation(route).responses[String(status)];
    // Errors that every call may give are not described with each.
    const error = status === 422 ? "validation_failed" : "forbidden";
    const response = found ?? (status >= 400 ? { $ref: `#/components/responses/${error}` } : undefined);
    if (response === undefined) return [`${route}: answers no ${status}`];
    const { content } = this.#resolved(response) as { content?: Record<string, { schema: Json }> };
    const schema = content?.["application/json"]?.schema;
    return schema === undefined ? [] : this.#judge(`${route} ${status}`, schema, body);
  }

  /** A copy of one of its examples. */
  example(name: string): Json {
    return structuredClone(this.#description.components.examples?.[name]?.value) as Json;
  }

  #operation(route: string): Operation {
    const [method = "", template = ""] = route.split(" ");
    const operation = this.#description.paths[template]?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`no ${route} at GitHub`);
    return operation;
  }

  #resolved(value: Json): Json {
    const ref = typeof value.$ref === "string" ? value.$ref : undefined;
    const [, , kind = "", name = ""] = ref?.split("/") ?? [];
    return ref === undefined ? value : (this.#description.components[kind]?.[name] ?? value);
  }

  #judge(what: string, schema: Json, value: unknown): string[] {
    let validate = this.#compiled.get(what);
    if (validate === undefined) {
      validate = this.#ajv.compile(strictly(modern(schema, id) as Json));
      this.#compiled.set(what, validate);
    }
    return validate(value) ? [] : [`${what}: ${this.#ajv.errorsText(validate.errors)}`];
  }
}

/** Misspelt keys are found: of an object, and of those in a list. */
function strictly(schema: Json): Json {
  if (schema.type === "array") return { ...schema, items: strictly(schema.items as Json) };
  return { ...schema, unevaluatedProperties: false };
}

/** OpenAPI 3.0 as JSON Schema: `nullable` is a type, and references name the document. */
function modern(value: unknown, document = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => modern(one, document));
  if (typeof value !== "object" || value === null) return value;
  const copy: Json = {};
  for (const [key, one] of Object.entries(value)) {
    copy[key] = key === "$ref" && typeof one === "string" ? `${document}${one}` : modern(one, document);
  }
  if (copy.nullable !== true) return copy;
  const { nullable: _, ...rest } = copy;
  if (typeof rest.type !== "string") return { anyOf: [rest, { type: "null" }] };
  return { ...rest, type: [rest.type, "null"], ...(Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}) };
}

import { createHash } from "node:crypto";
import { duration, type FunctionReference, type Functions } from "@glu/core";
import type { Files } from "./child/protocol.ts";
import { functionError, programError } from "./errors.ts";
import { assertNodeEvaluates } from "./node-version.ts";
import { Sandbox } from "./sandbox.ts";

/** A config that is a program: the file whose default export is the pipeline, and all that it may import. */
export interface ConfigFiles {
  entry: string;
  /** Repository path → content. */
  files: Files;
}

export interface EvaluatorOptions {
  /** The path of `node`, and its version without `v`. */
  node: { path: string; version: string };
  /** Milliseconds for the config; default ten seconds. */
  limit?: number;
}

const usualLimit = 10_000;

/** Evaluates configs and calls their functions, in a process that can do nothing but compute. */
export class Evaluator implements Functions, Disposable {
  readonly #options: EvaluatorOptions;
  readonly #sandbox: Sandbox;
  /** By what a reference calls its source. */
  readonly #known = new Map<string, ConfigFiles>();

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#sandbox = new Sandbox(options.node.path);
  }

  /**
   * The default export as JSON has it, each function as `{ function: FunctionReference }`.
   * @throws UserError `config/…` with file and, where it is known, line or path
   */
  async evaluate(config: ConfigFiles): Promise<unknown> {
    assertNodeEvaluates(config.entry, this.#options.node.version);
    const limit = this.#options.limit ?? usualLimit;
    const answer = await this.#sandbox.ask(config, limit);
    if (answer.kind !== "value") throw programError(config, answer, limit);
    const source = fingerprint(config);
    this.#known.set(source, config);
    return withSource(answer.value, source);
  }

  async call({ name, index, source, timeout }: FunctionReference, context: unknown, signal: AbortSignal) {
    const config = this.#known.get(source);
    const limit = duration(timeout);
    if (config === undefined) throw functionError(name, { kind: "unknown-source" }, limit);
    const answer = await this.#sandbox.ask({ ...config, call: { name, index, context } }, limit, signal);
    if (answer.kind !== "value") throw functionError(name, answer, limit);
    return answer.value;
  }

  [Symbol.dispose](): void {
    this.#sandbox[Symbol.dispose]();
  }
}

/** 12 hex digits that tell one state of the files from another. */
function fingerprint({ entry, files }: ConfigFiles): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([entry, sorted]))
    .digest("hex")
    .slice(0, 12);
}

/** The references with what they refer to. What is none is left to the grammar. */
function withSource(config: unknown, source: string): unknown {
  const environments = fieldOf(config, "environments");
  if (typeof environments !== "object" || environments === null) return config;
  for (const environment of Object.values(environments)) {
    const lists = [fieldOf(environment, "gates"), fieldOf(fieldOf(environment, "verify"), "gates")];
    for (const gate of lists.flatMap((gates) => (Array.isArray(gates) ? gates : []))) {
      const reference = fieldOf(gate, "function");
      if (typeof reference === "object" && reference !== null) Object.assign(reference, { source });
    }
  }
  return config;
}

function fieldOf(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;
}

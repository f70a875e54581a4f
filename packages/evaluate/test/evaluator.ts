import { onTestFinished } from "vitest";
import { Evaluator, type EvaluatorOptions } from "../src/evaluator.ts";
import { evaluates } from "../src/node-version.ts";

const { version } = { version: process.versions.node };

/** Whether this Node can evaluate at all. Where it cannot, test/tools/not-run.ts says so at the end. */
export const canEvaluate = evaluates(version);

/** An evaluator that ends with the test. */
export function evaluatorFor(options: Partial<EvaluatorOptions> = {}): Evaluator {
  const evaluator = new Evaluator({ node: { path: process.execPath, version }, ...options });
  onTestFinished(() => evaluator[Symbol.dispose]());
  return evaluator;
}

/** The program as `glu.config.ts`, with what it may import. */
export const configOf = (program: string, more: Record<string, string> = {}) => ({
  entry: "glu.config.ts",
  files: { "glu.config.ts": program, ...more },
});

/** What the program gives, or the error. */
export async function outcomeOf(program: string, options: Partial<EvaluatorOptions> = {}): Promise<unknown> {
  return evaluatorFor(options)
    .evaluate(configOf(program))
    .catch((error: unknown) => error);
}

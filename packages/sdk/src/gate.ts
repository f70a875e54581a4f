import type { GateAnswer, GateContext } from "./context.ts";

/**
 * A condition as a function. It computes: there is no network, no file and no other package. What it throws, and what is
 * no answer, holds the promotion.
 */
export type GateFunction = (context: GateContext) => GateAnswer | Promise<GateAnswer>;

export interface GateOptions {
  /** How long it may take, such as `30s`; at most `1d`. Default `10s`. */
  timeout?: string;
}

/** Where the name and the options of a gate stand on its function. */
const details = Symbol.for("glu.gate");

/**
 * Gives a function a name that people read, and a time limit of its own.
 * @param name one line of at most 63 characters
 */
export function gate(name: string, check: GateFunction, { timeout }: GateOptions = {}): GateFunction {
  const named: GateFunction = (context) => check(context);
  return Object.assign(named, { [details]: timeout === undefined ? { name } : { name, timeout } });
}

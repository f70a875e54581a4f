export type { GateAnswer, GateContext } from "./context.ts";
export { defineConfig } from "./define-config.ts";
export { type GateFunction, type GateOptions, gate } from "./gate.ts";
export type { Artifact } from "./generated/artifact.ts";
export type { App, Config, Environment, Gate, Policy, Write } from "./generated/config.ts";

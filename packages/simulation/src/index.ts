export type { BuildOptions } from "./make-artifact.ts";
export type { Base } from "./memory/base.ts";
export * from "./memory/fake-clock.ts";
export * from "./memory/memory-artifact-store.ts";
export * from "./memory/memory-repository.ts";
export { type MemoryTree, type Seed, treeOf } from "./memory/tree.ts";
export * from "./outside/scripted-outside.ts";
export * from "./simulation.ts";

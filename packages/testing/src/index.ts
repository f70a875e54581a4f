export * from "./contract/artifact-store-contract.ts";
export * from "./contract/config-repository-contract.ts";
export * from "./git/bare-fixture.ts";
export * from "./git-server/git-server.ts";
export * from "./memory/artifact-for-test.ts";
export * from "./memory/fake-clock.ts";
export * from "./memory/memory-artifact-store.ts";
export * from "./memory/memory-repository.ts";
export type { MemoryTree, Seed } from "./memory/tree.ts";

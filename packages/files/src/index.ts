export { openFileStore } from "./file-artifact-store.ts";
export { openHttpMemory } from "./http-memory.ts";

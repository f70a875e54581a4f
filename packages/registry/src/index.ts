export * from "./charts/chart-indexes.ts";
export type { RegistryOptions } from "./client.ts";
export * from "./credentials.ts";
export { createDigestCheck } from "./digest-exists.ts";
export * from "./image.ts";
export * from "./image-catalog.ts";
export * from "./reference.ts";
export * from "./registry.ts";

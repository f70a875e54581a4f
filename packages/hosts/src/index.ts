export { createHost, type HostOptions } from "./adapters/create.ts";
export * from "./context/detect.ts";
export type { Env } from "./context/env.ts";
export * from "./context/events.ts";
export * from "./context/read.ts";
export * from "./context/traceparent.ts";
export { contextVariables } from "./context/variables.ts";
export type * from "./host.ts";
export { createSecrets, type Secrets } from "./output/secrets.ts";

export { type CommandRunnerOptions, openCommandRunner } from "./command/runner.ts";
export { type HttpClientOptions, openHttpClient } from "./http/client.ts";

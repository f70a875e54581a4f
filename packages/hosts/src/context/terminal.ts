import type { CiContext } from "@glu/core";
import type { Env } from "./env.ts";
import { oneLine } from "./payload.ts";
import { parseTraceparent } from "./traceparent.ts";

/** A person at a terminal: what the version is, the working copy says. Nobody vouches for the name. */
export function readTerminalContext(
  env: Env,
  options: { matrix?: string | undefined; user?: string | undefined },
): CiContext {
  const names = [options.user, env.GIT_AUTHOR_NAME, env.USER, env.LOGNAME, env.USERNAME];
  return {
    host: "terminal",
    event: "manual",
    hostEvent: "terminal",
    repository: "",
    serverUrl: undefined,
    apiUrl: undefined,
    version: { event: "manual" },
    fork: false,
    actor: { name: names.map(oneLine).find((name) => name !== undefined) ?? "unknown", verified: false },
    run: {
      id: undefined,
      number: undefined,
      attempt: undefined,
      workflow: undefined,
      job: undefined,
      matrix: options.matrix,
      url: undefined,
      branch: undefined,
      defaultBranch: undefined,
    },
    variables: {},
    traceparent: parseTraceparent(env.TRACEPARENT),
  };
}

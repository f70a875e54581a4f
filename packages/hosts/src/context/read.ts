import type { CiContext } from "@glu/core";
import { detectHost } from "./detect.ts";
import type { Env } from "./env.ts";
import { readGithubContext } from "./github.ts";
import { readGitlabContext } from "./gitlab.ts";
import { readTerminalContext } from "./terminal.ts";

export interface ContextOptions {
  /** JSON of the job's matrix, which no host puts into the environment by itself. */
  matrix?: string | undefined;
  /** In a terminal: who Git says the user is. */
  user?: string | undefined;
}

/**
 * Reads what the host says about this run. `readFile` returns the text of a file, or `undefined` when there is none.
 * @throws UserError `host/event-payload`, `input/ref` for a branch that no Git server would take, `input/sha`.
 */
export function readCiContext(
  env: Env,
  readFile: (path: string) => string | undefined,
  options: ContextOptions = {},
): CiContext {
  const host = detectHost(env);
  if (host === "gitlab") return readGitlabContext(env, options);
  if (host === "terminal") return readTerminalContext(env, options);
  return readGithubContext(host, env, readFile, options);
}

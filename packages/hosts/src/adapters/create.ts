import type { HostName } from "@glu/core";
import type { Env } from "../context/env.ts";
import type { Host } from "../host.ts";
import type { GitlabHostOptions } from "./gitlab.ts";

export interface HostOptions extends GitlabHostOptions {
  env: Env;
}

/** The host's adapter, loaded when it is known which one: GitLab and a terminal never load GitHub's toolkit. */
export async function createHost(name: HostName, options: HostOptions): Promise<Host> {
  if (name === "gitlab")
    return (await import("./gitlab.ts")).createGitlabHost({ ...options, run: options.env.CI_PIPELINE_URL });
  if (name === "terminal") return (await import("./terminal.ts")).createTerminalHost(options);
  return (await import("./github.ts")).createGithubHost({ name, env: options.env, stdout: options.stdout });
}

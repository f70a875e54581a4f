import { fstatSync } from "node:fs";
import type { HostName } from "@glu/core";
import { detectHost } from "../context/detect.ts";
import type { Env } from "../context/env.ts";
import type { Host } from "../host.ts";
import type { GitlabHostOptions } from "./gitlab.ts";

export interface HostOptions extends GitlabHostOptions {
  env: Env;
}

/** The host's adapter, loaded when it is known which one: GitLab and a terminal never load GitHub's toolkit. */
export async function createHost(name: HostName, options: HostOptions): Promise<Host> {
  if (name === "gitlab") {
    return (await import("./gitlab.ts")).createGitlabHost({ ...options, run: options.env.CI_PIPELINE_URL });
  }
  if (name === "terminal") {
    return (await import("./terminal.ts")).createTerminalHost({ ...options, runner: runnerAround(options) });
  }
  return (await import("./github.ts")).createGithubHost({ name, env: options.env, stdout: options.stdout });
}

/** Whether a command runs in a step of GitHub or Gitea Actions. A secret is never put into a file that keeps the log. */
function runnerAround({ env, stderr }: HostOptions): { masks: boolean } | undefined {
  const around = detectHost(env);
  if (around !== "github" && around !== "gitea") return undefined;
  return { masks: stderr.fd === undefined || !fstatSync(stderr.fd).isFile() };
}

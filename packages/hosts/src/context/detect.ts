import type { HostName } from "@glu/core";
import type { Env } from "./env.ts";

/** Where this run happens. Gitea and Forgejo set GitHub's variables too, so their own are looked at first. */
export function detectHost(env: Env): HostName {
  if (env.GITEA_ACTIONS === "true" || env.FORGEJO_ACTIONS === "true" || env.FORGEJO === "true") return "gitea";
  if (env.GITHUB_ACTIONS === "true") return "github";
  if (env.GITLAB_CI === "true") return "gitlab";
  return "terminal";
}

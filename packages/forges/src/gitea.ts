import type { Requests } from "@glu/core";
import { giteaHeaders } from "./gitea-headers.ts";
import { encodePath, type ForgeConnection, field, send, webLink } from "./http.ts";
import { refusal } from "./refusal.ts";
import { effectOfRequests as effect } from "./requests-effect.ts";
import { parseTarget } from "./target.ts";

export interface GiteaOptions extends ForgeConnection {
  token: string;
  serverUrl: string;
}

/**
 * Gitea (1.23 and newer) and Forgejo: a workflow_dispatch, since a repository_dispatch does not exist there. Gitea
 * tells branches from tags by the full ref (`POST /repos/{owner}/{repo}/actions/workflows/{id}/dispatches`).
 */
export function createGiteaRequests(options: GiteaOptions): Requests {
  const { token, serverUrl } = options;
  const headers = giteaHeaders(token);

  return {
    async request(text, inputs) {
      const { repository, workflow = "", ref } = parseTarget(text, "gitea");
      const base = `/repos/${encodePath(repository)}`;
      const explain = {
        target: `${repository}/${workflow}`,
        token,
        permission:
          `It needs a token with the scope 'write:repository' of somebody who may write to ${repository}: the job's own ` +
          `token cannot reach another repository. Pass 'token: \${{ secrets.GLU_TOKEN }}'.`,
        missing: `Check that .gitea/workflows/${workflow} is on the default branch of ${repository}, and that Actions are enabled there.`,
        invalid: `Check that the ref exists and that ${workflow} has 'on: workflow_dispatch' with the inputs ${Object.keys(inputs).join(", ")}.`,
      };
      let branch = ref;
      if (branch === undefined) {
        const found = await send({ method: "GET", path: base, headers }, options);
        branch = found.status === 200 ? field(found.json, "default_branch") : undefined;
        if (branch === undefined) throw refusal(found, explain);
      }
      const body = { ref: branch.startsWith("refs/") ? branch : `refs/heads/${branch}`, inputs };
      const path = `${base}/actions/workflows/${encodeURIComponent(workflow)}/dispatches`;
      const response = await send({ method: "POST", path, headers, body, effect }, options);
      if (response.status < 200 || response.status > 299) throw refusal(response, explain);
      return {
        url: webLink(field(response.json, "html_url") ?? `${serverUrl}/${repository}/actions?workflow=${workflow}`),
      };
    },
  };
}

import { join } from "node:path";
import type { Machine } from "./glu-process.ts";

/** What a forge sends about a pull request. Times are RFC 3339, to the second as GitHub's are. */
export interface PullAsSent {
  action: string;
  number: number;
  head: string;
  updatedAt: string;
  closedAt?: string;
  /** Of the head; another one than the app's is a fork. */
  repository?: string;
  branch?: string;
  labels?: readonly string[];
  label?: string;
}

/**
 * The variables of a job that runs on such an event, with the rights of the repository
 * (https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request).
 */
export function jobOf(machine: Machine, pull: PullAsSent, repository = "acme/web"): Record<string, string> {
  const { action, number, head, updatedAt, closedAt, branch = "feature/x", labels = [], label } = pull;
  const payload = {
    ...{ action, number },
    pull_request: {
      ...{ number, state: closedAt === undefined ? "open" : "closed" },
      head: { sha: head, ref: branch, repo: { full_name: pull.repository ?? repository } },
      base: { ref: "main", repo: { full_name: repository } },
      user: { login: "grace" },
      labels: labels.map((name) => ({ name })),
      ...{ updated_at: updatedAt, closed_at: closedAt ?? null },
    },
    ...(label === undefined ? {} : { label: { name: label } }),
  };
  const name = `event-${number}-${updatedAt.replace(/\W/g, "")}-${action}.json`;
  machine.write(name, JSON.stringify(payload));
  return {
    ...{ GITHUB_ACTIONS: "true", GITHUB_EVENT_NAME: "pull_request_target", GITHUB_REPOSITORY: repository },
    ...{ GITHUB_EVENT_PATH: join(machine.root, name), GITHUB_SHA: head, GITHUB_RUN_ID: "1", GITHUB_ACTOR: "grace" },
  };
}

/** The config of an app with previews, and its template. */
export const previewFiles: Record<string, string> = {
  "glu.yaml": `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  web:
    repository: acme/web
    preview: { template: preview-templates/web }
    write: [{ yaml: web.yaml, set: { tag: "{{ images.web.tag }}" } }]
`,
  "web.yaml": "tag: 1\n",
  "preview-templates/web/web.yaml": `# Kept as it is.
apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: "{{ preview.namespace }}" }
data:   { host: "{{ preview.host }}", commit: "{{ pull.sha }}", branch: "{{ pull.branch }}" }
`,
};

/** The config repository of the demo: two apps, two environments, and files as people write them. */
export const configFiles: Record<string, string> = {
  "glu.yaml": `version: 1
environments:
  staging:
    policy: { event: push, branch: main }   # what is pushed to main goes there by itself
  production:
    from: staging                           # only what staging has released
    tier: production
defaults:
  write:
    - yaml: apps/{{ app }}/{{ env }}/values.yaml
      set:
        image.tag: "{{ images.web.tag }}"
        image.digest: "{{ images.web.digest }}"
previews:
  host: "{{ preview.name }}.preview.example.com"
apps:
  frontend:
    images: { web: ghcr.io/acme/frontend }
    preview: { template: preview-templates/frontend }
  backend:
    images: { web: ghcr.io/acme/backend }
`,
  "preview-templates/frontend/web.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: frontend
  namespace: "{{ preview.namespace }}"
data:
  host: "{{ preview.host }}"
  commit: "{{ pull.sha }}"
`,
  ...values("frontend", "staging", 1),
  ...values("frontend", "production", 3),
  ...values("backend", "staging", 1),
  ...values("backend", "production", 2),
};

// Comments, quotes and spacing that a promotion must leave alone.
function values(app: string, env: string, replicas: number): Record<string, string> {
  return {
    [`apps/${app}/${env}/values.yaml`]: `# ${app} in ${env}
replicas:   ${replicas}     # keep in step with the budget
image:
    repository: 'ghcr.io/acme/${app}'
    tag: "0.0.0"      # set by Glu
    digest: ""
env: [ { name: LOG_LEVEL, value: "no" } ]
`,
  };
}

export const appFiles: Record<string, string> = {
  "README.md": "# frontend\n",
  "main.js": 'console.log("frontend");\n',
};

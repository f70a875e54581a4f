/** A project with previews of its own merge requests. */
export const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  web:
    repository: acme/team/config
    preview: { template: preview-templates/web }
    write: [{ yaml: web.yaml, set: { image.tag: "{{ images.web.tag }}" } }]
`;

export const template = `kind: ConfigMap
apiVersion: v1
metadata: { name: web }
data: { sha: "{{ pull.sha }}", branch: "{{ pull.branch }}" }
`;

/** An image's digest, made of one hex digit. */
export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** The image of `web` in a version, as `image` takes it. */
export const image = (version: string, digit: string): string => `web=ghcr.io/acme/web:${version}@${digest(digit)}`;

/** A policy for staging, production by hand; `web` and `api` are apps of repositories of their own. */
export const config = `version: 1
environments:
  staging:
    policy: { event: push, branch: main }
  production:
    from: staging
    tier: production
defaults:
  write:
    - yaml: apps/{{ app }}/envs/{{ env }}/values.yaml
      set:
        image.tag: "{{ images.web.tag }}"
        image.digest: "{{ images.web.digest }}"
apps:
  web:
    repository: acme/web
    images: { web: ghcr.io/acme/web }
  api:
    repository: acme/api
    images: { web: ghcr.io/acme/api }
`;

/** Untouched bytes around what a promotion writes: a comment, odd quotes and blanks, Windows' line ends. */
export const values = "# Kept.\r\nimage:\r\n  tag:   \"1.0.0\"   # and this\r\n  digest: 'none'\r\nreplicas:  3\r\n";

export const valuesOf = (app: string, environment: string): string => `apps/${app}/envs/${environment}/values.yaml`;

/** The values file after a promotion. */
export const written = (version: string, digit: string): string =>
  values.replace("1.0.0", version).replace("none", digest(digit));

/** The config repository's files. */
export const configFiles: Record<string, string> = {
  "glu.yaml": config,
  ...Object.fromEntries(
    ["web", "api"].flatMap((app) =>
      ["staging", "production"].map((environment) => [valuesOf(app, environment), values]),
    ),
  ),
};

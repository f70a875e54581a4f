import { type Artifact, type Release, type ReleaseRecord, recordSchemaId } from "@glu/core";
import { artifactForTest } from "@glu/testing/internal";
import { type EnvironmentName, environments, type Shape } from "./shape.ts";

export const config = `version: 1
discover: apps/*
environments:
  testing: { policy: { event: push, branch: main } }
  staging: { from: testing }
  production-eu: { from: staging, tier: production }
  production-us: { from: staging, tier: production }
defaults:
  images: { web: "ghcr.io/acme/{{ app }}" }
  write:
    - yaml: apps/{{ app }}/envs/{{ env }}/values.yaml
      set:
        image.tag: "{{ images.web.tag }}"
        image.digest: "{{ images.web.digest }}"
`;

/** The same, moving along by itself; production after a day. */
export const configWithEdges = config
  .replace("{ from: testing }", "{ from: testing, auto: newest }")
  .replaceAll("tier: production }", "tier: production, auto: newest, gates: [{ soak: 1d }] }");

export const valuesPath = (app: string, environment: EnvironmentName): string =>
  `apps/${app}/envs/${environment}/values.yaml`;

/** The number of the artifact that is in testing and not yet further. */
export const next = 300;

/** Hexadecimal digits that look random and are not: real digests do not compress either. */
function digits(seed: string, length: number): string {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  let text = "";
  while (text.length < length) {
    state = Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9;
    text += (state >>> 0).toString(16).padStart(8, "0");
  }
  return text.slice(0, length);
}

const made = new Map<string, Artifact>();

/** An artifact of an app as its CI makes one; each is made once, since its digest takes a while. */
export function artifactOf(app: string, number: number): Artifact {
  const key = `${app} ${number}`;
  const artifact = made.get(key) ?? makeArtifact(app, number);
  made.set(key, artifact);
  return artifact;
}

function makeArtifact(app: string, number: number): Artifact {
  const name = `ghcr.io/acme/${app}`;
  const [tag, digest] = [`1.${number}.0`, `sha256:${digits(`${app} image ${number}`, 64)}`];
  return artifactForTest(number, {
    app,
    version: {
      repositoryName: `acme/${app}`,
      sha: digits(`${app} source ${number}`, 40),
      branch: "main",
      event: "push",
      authorName: "Ada",
      authorEmail: "ada@example.org",
      message: `Change ${number} of ${app}\n`,
    },
    images: { web: { name, tag, digest, ref: `${name}:${tag}@${digest}` } },
    context: { GITHUB_REF_NAME: "main", GITHUB_RUN_NUMBER: String(number) },
    items: [{ name: "tests", url: `https://ci.example.org/acme/${app}/${number}` }],
    run: {
      host: "github",
      id: String(10_000_000_000 + number),
      number,
      attempt: 1,
      workflow: ".github/workflows/build.yml",
      url: `https://github.com/acme/${app}/actions/runs/${10_000_000_000 + number}`,
    },
  });
}

/** The number of what runs in an environment. */
const runs = (environment: EnvironmentName): number => (environment === "testing" ? next : next - 1);

export function valuesOf(app: string, environment: EnvironmentName, revision = 0): string {
  const image = artifactOf(app, runs(environment)).images.web;
  return `# Values of ${app} in ${environment}. Whoever is on call may change replicas.
replicaCount: ${environment.startsWith("production") ? 4 : 1}
image:
  repository: ghcr.io/acme/${app}
  tag: "${image?.tag}"   # written by promotions
  digest: "${image?.digest}"
podAnnotations:
  acme.example/team: team-${app.slice(-1)}
  acme.example/revision: "${revision}"
resources:
  requests: { cpu: 100m, memory: 128Mi }
  limits: { memory: 256Mi }
env:
  - name: LOG_LEVEL
    value: info
  - name: PUBLIC_URL
    value: https://${app}.${environment}.example.org
ingress:
  enabled: true
  hosts:
    - ${app}.${environment}.example.org
`;
}

export const manifestOf = (kind: string, app: string, environment: EnvironmentName): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${app}\n  namespace: ${environment}\nspec:\n  selector: { app: ${app} }\n`;

/** Releases of a record, by the app's place in the list. */
const releasesOf = (index: number, records: Shape["records"]): number =>
  records === "full" || index % 50 === 0 ? 51 : 1 + (index % 2);

export function recordOf(
  app: string,
  environment: EnvironmentName,
  { index, records, revision = 0 }: { index: number; records: Shape["records"]; revision?: number },
): ReleaseRecord {
  const newest = runs(environment);
  const [current = null, ...history] = Array.from({ length: releasesOf(index, records) }, (_, back) =>
    releaseOf(app, environment, newest - back, back === 0 && revision > 0 ? `Revision ${revision}` : undefined),
  );
  return { schema: recordSchemaId, app, environment, current, history, rejected: [] };
}

function releaseOf(app: string, environment: EnvironmentName, number: number, reason?: string): Release {
  const artifact = artifactOf(app, number);
  const at = new Date(
    Date.parse("2026-11-02T00:00:00Z") + number * 3_600_000 + environments.indexOf(environment) * 60_000,
  );
  const path = valuesPath(app, environment);
  const write = (selector: string, value = "") => ({ path, selector, value, editor: "yaml" });
  return {
    request: digits(`${app} ${environment} request ${number}`, 64),
    kind: "promotion",
    artifact,
    decidedOn: digits(`${app} ${environment} tip ${number}`, 40),
    actor: { name: "ada", verified: true },
    ...(reason === undefined ? {} : { reason }),
    decidedAt: at.toISOString(),
    releasedAt: at.toISOString(),
    state: "committed",
    writes: [write("image.tag", artifact.images.web?.tag), write("image.digest", artifact.images.web?.digest)],
    superseded: [],
  };
}

// What reports of the golden files are made of. Test support.
import { type AppName, type Artifact, artifactSchemaId, type Decision, type EnvName, type FileChange, type GateResult, type Release, type RequestId, type Sha, type Timestamp } from "@glu/core";
import type { Links, PipelineView, Running } from "../report.ts";

export const now = Date.parse("2026-11-21T09:30:00Z");
const minute = 60_000;
export const ago = (minutes: number): Timestamp => new Date(now - minutes * minute).toISOString() as Timestamp;
export const hex = (seed: string, length: number): string => {
  let state = 7;
  for (const character of seed) state = (state * 31 + character.charCodeAt(0)) >>> 0;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 28).toString(16);
  }).join("");
};
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function artifact(app: string, version: string, minutes: number, more: Partial<Artifact["version"]> = {}): Artifact {
  const at = ago(minutes);
  const digest = hex(`${app}${version}`, 64);
  return {
    schema: artifactSchemaId,
    id: `${at.slice(0, 19).replace(/[-:]/g, "").toLowerCase()}z-${digest.slice(0, 12)}`,
    app,
    created: at,
    version: {
      repositoryName: `acme/${app}`,
      sha: hex(`sha${app}${version}`, 40),
      branch: "main",
      event: "push",
      message: `Serve ${app} faster\n\nLonger text.`,
      authorName: "Release Author",
      ...more,
    },
    committedAt: at,
    images: {
      web: {
        name: `ghcr.io/acme/${app}`,
        tag: version,
        digest: `sha256:${digest}`,
        ref: `ghcr.io/acme/${app}:${version}@sha256:${digest}`,
      },
    },
    context: {},
    environments: [],
    items: [],
    vars: {},
  };
}

export function release(made: Artifact, minutes: number, more: Partial<Release> = {}): Release {
  return {
    request: hex(`request${made.id}`, 64),
    kind: "promotion",
    artifact: made,
    decidedOn: hex("tip", 40),
    actor: { name: "octo-dev", verified: true },
    decidedAt: ago(minutes),
    releasedAt: ago(minutes),
    state: "committed",
    writes: [],
    superseded: [],
    ...more,
  };
}

export const commit = hex("commit", 40) as Sha;
export const request = hex("request", 64) as RequestId;
export const links: Links = {
  repository: "https://github.com/acme/deployments",
  run: "https://github.com/acme/deployments/actions/runs/42",
  docs: "https://github.com/acme/glu/blob/main/docs",
  commit: (sha) => `https://github.com/acme/deployments/commit/${sha}`,
  artifactSource: (one) => `https://github.com/${one.version.repositoryName}/commit/${one.version.sha}`,
  sourceCommit: (one, sha) => `https://github.com/${one.version.repositoryName}/commit/${sha}`,
  compare: (from, to) => `https://github.com/${to.version.repositoryName}/compare/${from.version.sha}...${to.version.sha}`,
};

export const environment = (name: string, tier?: string, from?: string): PipelineView["environments"][number] => ({
  name: name as EnvName,
  tier,
  from: from === undefined ? undefined : { mode: "all", environments: [from as EnvName] },
});
export const stages = [environment("staging", "staging"), environment("production", "production", "staging")];

export const running = (app: string, env: string, of: Release | undefined, more: Partial<Running> = {}): Running => ({
  app: app as AppName,
  environment: env as EnvName,
  release: of,
  ...more,
});

export const met = (name: string, seen: string): GateResult => ({ name, met: true, outcome: "held", seen });
export const usual: GateResult[] = [
  met("source", "was built from the declared repository"),
  met("images", "are the declared ones"),
  met("accept", "is accepted"),
  met("order", "is newer than the current release (by version)"),
  met("pin", "is not pinned"),
  met("freeze", "is not frozen"),
];

export function decision(
  made: Artifact,
  env: string,
  result: Decision["result"],
  reason: string,
  more: Partial<Decision> = {},
): Decision {
  return {
    intent: { app: made.app as AppName, environment: env as EnvName, artifact: made, explicit: false, request },
    result,
    reason,
    gates: usual,
    previous: undefined,
    release: undefined,
    commit: undefined,
    repeated: false,
    changes: [],
    ...more,
  };
}

export const values = (app: string, tag: string, digest: string): string =>
  `# ${app} in production\nreplicas: 3\nimage:\n  repository: ghcr.io/acme/${app}\n  tag: "${tag}" # set by glu\n  digest: ${digest}\nresources:\n  limits:\n    memory: 256Mi\n`;
export const change = (from: Artifact, to: Artifact, env: string): FileChange => ({
  path: `apps/${to.app}/envs/${env}/values.yaml`,
  before: bytes(values(to.app, from.images.web?.tag ?? "", from.images.web?.digest ?? "")),
  after: bytes(values(to.app, to.images.web?.tag ?? "", to.images.web?.digest ?? "")),
});

export const frontend = { old: artifact("frontend", "1.4.1", 3000), now: artifact("frontend", "1.4.2", 190) };
export const backend = { old: artifact("backend", "2.0.0", 9000), now: artifact("backend", "2.1.0", 45), next: artifact("backend", "2.1.1", 20) };
export const worker = { old: artifact("worker", "0.8.9", 20_000), now: artifact("worker", "0.9.0", 5000) };


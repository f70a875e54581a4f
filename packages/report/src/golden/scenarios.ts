// What the golden files show. Test data: nothing of it is shipped.
import {
  type AppName,
  type Artifact,
  type ArtifactId,
  artifactSchemaId,
  type Decision,
  type Digest,
  type EnvName,
  type FileChange,
  type GateResult,
  OutsideError,
  type Pin,
  type Release,
  type RefName,
  type RequestId,
  type Sha,
  type Timestamp,
} from "@glu/core";
import type {
  ArtifactReport,
  HistoryReport,
  Links,
  PipelineView,
  PromotionReport,
  Report,
  Running,
  StatusReport,
} from "../report.ts";

export const now = Date.parse("2026-11-21T09:30:00Z");
const minute = 60_000;
const ago = (minutes: number): Timestamp => new Date(now - minutes * minute).toISOString() as Timestamp;
const hex = (seed: string, length: number): string => {
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

const commit = hex("commit", 40) as Sha;
const request = hex("request", 64) as RequestId;
export const links: Links = {
  repository: "https://github.com/acme/deployments",
  run: "https://github.com/acme/deployments/actions/runs/42",
  docs: "https://github.com/acme/glu/blob/main/docs",
  commit: (sha) => `https://github.com/acme/deployments/commit/${sha}`,
  artifactSource: (one) => `https://github.com/${one.version.repositoryName}/commit/${one.version.sha}`,
};

const environment = (name: string, tier?: string, from?: string): PipelineView["environments"][number] => ({
  name: name as EnvName,
  tier,
  from: from === undefined ? undefined : { mode: "all", environments: [from as EnvName] },
});
const stages = [environment("staging", "staging"), environment("production", "production", "staging")];

const running = (app: string, env: string, of: Release | undefined, more: Partial<Running> = {}): Running => ({
  app: app as AppName,
  environment: env as EnvName,
  release: of,
  ...more,
});

export const met = (name: string, seen: string): GateResult => ({ name, met: true, outcome: "held", seen });
const usual: GateResult[] = [
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

const values = (app: string, tag: string, digest: string): string =>
  `# ${app} in production\nreplicas: 3\nimage:\n  repository: ghcr.io/acme/${app}\n  tag: "${tag}" # set by glu\n  digest: ${digest}\nresources:\n  limits:\n    memory: 256Mi\n`;
const change = (from: Artifact, to: Artifact, env: string): FileChange => ({
  path: `apps/${to.app}/envs/${env}/values.yaml`,
  before: bytes(values(to.app, from.images.web?.tag ?? "", from.images.web?.digest ?? "")),
  after: bytes(values(to.app, to.images.web?.tag ?? "", to.images.web?.digest ?? "")),
});

const frontend = { old: artifact("frontend", "1.4.1", 3000), now: artifact("frontend", "1.4.2", 190) };
const backend = { old: artifact("backend", "2.0.0", 9000), now: artifact("backend", "2.1.0", 45), next: artifact("backend", "2.1.1", 20) };
const worker = { old: artifact("worker", "0.8.9", 20_000), now: artifact("worker", "0.9.0", 5000) };

const base = {
  kind: "promotion" as const,
  passedOver: [],
  undecided: [],
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  advisory: undefined,
  plan: false,
  links,
  now,
  notices: [],
  request,
  actor: { name: "octo-dev", verified: true },
  cost: { way: "git", requests: 4, bytesReceived: 12_480, milliseconds: 840 },
};

const promoted: PromotionReport = {
  ...base,
  result: "promoted",
  commit,
  reason: "release 1.4",
  decisions: [
    decision(frontend.now, "production", "promoted", "Every gate is met.", {
      previous: release(frontend.old, 2900),
      release: release(frontend.now, 0),
      commit,
      gates: [...usual, met("from", "was released in staging"), met("soak", "has been upstream for 2h 5m of 1h")],
      changes: [change(frontend.old, frontend.now, "production")],
    }),
  ],
  pipeline: {
    environments: stages,
    running: [
      running("frontend", "staging", release(frontend.now, 125)),
      running("frontend", "production", release(frontend.old, 2900)),
    ],
  },
};

const pinnedAt: Pin = {
  schema: "glu.pin.v1",
  app: "worker",
  environment: "production",
  artifact: worker.old.id,
  reason: "incident 42: queue backs up",
  actor: { name: "octo-dev", verified: true },
  at: ago(1500),
  request,
};

const mixed: PromotionReport = {
  ...base,
  result: "refused",
  commit,
  reason: "the nightly run",
  advisory: "repository",
  decisions: [
    decision(frontend.now, "staging", "unchanged", "Artifact and written values agree.", { previous: release(frontend.now, 125) }),
    decision(frontend.old, "production", "refused", "It is older than what is released there.", {
      intent: {
        app: "frontend" as AppName,
        environment: "production" as EnvName,
        artifact: frontend.old,
        explicit: true,
        request,
      },
      previous: release(frontend.now, 60),
      gates: [
        ...usual.filter((one) => one.name !== "order"),
        {
          name: "order",
          met: false,
          outcome: "refused",
          code: "order/older",
          seen: `is older than ${frontend.now.id}, which is released there (by version)`,
          clearedBy: "a rollback",
        },
      ],
    }),
    decision(backend.next, "staging", "promoted", "Every gate is met.", {
      previous: release(backend.now, 45),
      release: release(backend.next, 0, { superseded: [backend.now.id] }),
      commit,
      changes: [change(backend.now, backend.next, "staging")],
    }),
    decision(backend.now, "production", "held", "It has not been in staging for long enough.", {
      previous: release(backend.old, 8000),
      gates: [
        ...usual,
        met("from", "was released in staging"),
        {
          name: "soak",
          met: false,
          outcome: "held",
          code: "soak/too-young",
          seen: "has been upstream for 40m of 1h",
          since: ago(40),
          clearedBy: "time",
          clearsAt: ago(-20),
        },
      ],
    }),
    decision(artifact("worker", "0.8.9", 20_000), "staging", "superseded", "A newer artifact was promoted first.", {
      previous: release(worker.now, 4900),
    }),
    decision(worker.now, "production", "held", "It is pinned.", {
      previous: release(worker.old, 19_000),
      gates: [
        ...usual.filter((one) => one.name !== "pin"),
        {
          name: "pin",
          met: false,
          outcome: "held",
          code: "pin/pinned",
          seen: `is pinned at ${worker.old.id} by octo-dev: incident 42: queue backs up`,
          since: ago(1500),
          clearedBy: "glu unpin worker production",
        },
      ],
    }),
  ],
  passedOver: [
    {
      app: "frontend" as AppName,
      environment: "production" as EnvName,
      artifact: frontend.now.id as ArtifactId,
      reason: "an older artifact was asked for by name",
    },
  ],
  pipeline: {
    environments: stages,
    running: [
      running("frontend", "staging", release(frontend.now, 125)),
      running("frontend", "production", release(frontend.now, 60)),
      running("backend", "staging", release(backend.now, 45)),
      running("backend", "production", release(backend.old, 8000)),
      running("worker", "staging", release(worker.now, 4900)),
      running("worker", "production", release(worker.old, 19_000), { pin: pinnedAt }),
    ],
  },
};

const closed = new OutsideError("repository/unreachable", "https://git.test/acme/edge cannot be read: 503", {
  fix: "Check the location and that the server answers, then run again.",
});

/** One repository is out of order; what could be promoted was. */
const partly: PromotionReport = {
  ...promoted,
  result: "refused",
  undecided: ["backend", "frontend"].map((app) => ({
    app: app as AppName,
    environment: "edge" as EnvName,
    error: closed,
  })),
};

const plan: PromotionReport = {
  ...base,
  result: "planned",
  plan: true,
  decisions: [
    decision(frontend.now, "production", "planned", "Every gate is met.", {
      previous: release(frontend.old, 2900),
      release: release(frontend.now, 0),
      changes: [
        change(frontend.old, frontend.now, "production"),
        { path: "apps/frontend/icon.png", before: undefined, after: new Uint8Array([137, 80, 78, 71, 0, 1]) },
        { path: "apps/frontend/windows.env", before: bytes("A=1\r\nTAG=1.4.1\r\n"), after: bytes("A=1\r\nTAG=1.4.2\r\n") },
      ],
    }),
  ],
  pipeline: promoted.pipeline,
};

/** One run over everything: something went, something waits, something was changed by hand. */
const reconciled: PromotionReport = {
  ...mixed,
  reconciled: {
    looked: { apps: 40, environments: 4, places: 160 },
    drifted: [
      {
        app: "backend" as AppName,
        environment: "staging" as EnvName,
        path: "apps/backend/staging/values.yaml",
        selector: "image.tag",
        recorded: "2.0.0",
        found: "2.0.0-hotfix",
      },
      {
        app: "backend" as AppName,
        environment: "production" as EnvName,
        path: "apps/backend/production/values.yaml",
        selector: "image.tag",
        recorded: "1.9.0",
        found: undefined,
      },
    ],
    lapsed: { pins: [{ ...pinnedAt, until: ago(30) }], freezes: [] },
    next: ago(-45),
  },
};

const none: PromotionReport = {
  ...base,
  result: "none",
  decisions: [],
  passedOver: [
    {
      app: "frontend" as AppName,
      environment: "staging" as EnvName,
      artifact: frontend.now.id as ArtifactId,
      reason: "the policy wants branch main, it was built from feature/login",
    },
    {
      app: "backend" as AppName,
      environment: "staging" as EnvName,
      artifact: undefined,
      reason: "there is no artifact yet",
    },
  ],
  pipeline: {
    environments: stages,
    running: [running("frontend", "staging", release(frontend.old, 2900)), running("frontend", "production", undefined), running("backend", "staging", undefined)],
  },
  notices: ["No policy starts a promotion into production; ask for it by name."],
};

const created: ArtifactReport = {
  kind: "artifact",
  result: "created",
  artifact: {
    ...frontend.now,
    items: [
      { name: "tests", url: "https://ci.example.com/acme/frontend/tests/42" },
      { name: "sbom", url: "https://ci.example.com/acme/frontend/sbom.json" },
    ],
  },
  digest: `sha256:${frontend.now.id.slice(-12)}${hex("digest", 52)}` as Digest,
  store: { location: "acme/deployments", ref: "refs/glu/artifacts/frontend" },
  requested: { target: "acme/deployments", url: "https://github.com/acme/deployments/actions/workflows/promote.yaml" },
  links,
  now,
  notices: [],
  cost: { way: "git", requests: 3, bytesReceived: 2140, milliseconds: 410 },
};

const names = ["accounts", "backend", "billing", "frontend", "mailer", "search", "worker"];
const regions = [
  environment("staging"),
  environment("eu-production", "production", "staging"),
  environment("us-production", "production", "staging"),
];
const status: StatusReport = {
  kind: "status",
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  commit,
  pipeline: {
    environments: regions,
    running: names.flatMap((app, row) =>
      regions.flatMap(({ name }, column) => {
        if (app === "mailer" && column === 2) return [];
        if (app === "search" && column > 0) return [running(app, name, undefined)];
        const made = artifact(app, `${row}.${4 - column}.0`, 600 + 700 * row + 900 * column);
        const state = app === "billing" && column === 1 ? "failed" : "healthy";
        const more: Partial<Running> =
          app === "worker" && column === 2
            ? { pin: { ...pinnedAt, environment: name, artifact: made.id } }
            : app === "accounts" && column === 1
              ? {
                  freeze: {
                    schema: "glu.freeze.v1",
                    scope: name,
                    reason: "year-end closing",
                    actor: { name: "octo-dev", verified: true },
                    at: ago(300),
                    until: ago(-3000),
                    request,
                  },
                }
              : {};
        return [running(app, name, release(made, 500 + 700 * row + 900 * column, { state }), more)];
      }),
    ),
  },
  links,
  now,
  notices: [],
  cost: { way: "git", requests: 2, bytesReceived: 48_200, milliseconds: 300 },
};

const history: HistoryReport = {
  kind: "history",
  app: "frontend" as AppName,
  environment: "production" as EnvName,
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  entries: [
    { environment: "production" as EnvName, release: release(frontend.old, 60, { kind: "rollback", reason: "login is broken" }), commit, current: true },
    {
      environment: "production" as EnvName,
      release: release(frontend.now, 125, { state: "failed" }),
      commit: hex("c2", 40) as Sha,
      current: false,
      rejected: { reason: "login is broken", actor: { name: "octo-dev", verified: true } },
    },
    { environment: "production" as EnvName, release: release(frontend.old, 2900, { state: "healthy" }), commit: hex("c3", 40) as Sha, current: false },
  ],
  links,
  now,
  notices: [],
};

export const scenarios: Record<string, Report> = { promoted, mixed, partly, plan, none, reconciled, "artifact-created": created, "status-of-many": status, history };
export { mixed, promoted };

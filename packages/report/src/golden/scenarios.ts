// What the golden files show. Test data: nothing of it is shipped.
import {
  type AppName,
  type Artifact,
  type ArtifactId,
  artifactSchemaId,
  type Decision,
  type Digest,
  type EnvName,
  type Explained,
  type FileChange,
  type GateResult,
  OutsideError,
  type Pin,
  type Release,
  type RefName,
  type RequestId,
  type Sha,
  type SourceChange,
  type Timestamp,
} from "@glu/core";
import type {
  ArtifactReport,
  ExplanationReport,
  GraphReport,
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
  sourceCommit: (one, sha) => `https://github.com/${one.version.repositoryName}/commit/${sha}`,
  compare: (from, to) => `https://github.com/${to.version.repositoryName}/compare/${from.version.sha}...${to.version.sha}`,
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

/** As the working copy tells it. */
const history3: SourceChange = {
  app: "frontend" as AppName,
  from: frontend.old,
  to: frontend.now,
  commits: ["Serve frontend faster", "Keep the cart when a session ends", "Say which field is missing"].map((subject, index) => ({
    sha: index === 0 ? frontend.now.version.sha : hex(subject, 40),
    subject,
    author: index === 1 ? undefined : "Release Author",
    committedAt: ago(190 + index * 400),
  })),
  left: 12,
  known: "history",
};

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
  sources: [
    {
      app: "backend" as AppName,
      from: backend.now,
      to: backend.next,
      commits: [{ sha: backend.next.version.sha, subject: "Serve backend faster", author: "Release Author", committedAt: ago(20) }],
      left: 0,
      known: "artifacts",
    },
    { app: "frontend" as AppName, from: frontend.now, to: frontend.old, commits: [], left: 0, known: "artifacts" },
  ],
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
      gates: [
        ...usual,
        { ...met("command", "./smoke-test ended with 0"), output: "GET /login 200\nGET /cart 200\n\n```\n2 checks passed" },
      ],
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
  sources: [history3],
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

const tested: PromotionReport = {
  ...promoted,
  result: "held",
  commit: undefined,
  decisions: [
    decision(frontend.now, "production", "held", "smoke.yml failed", {
      previous: release(frontend.old, 2900),
      gates: [
        ...usual,
        {
          name: "workflow",
          met: false,
          outcome: "held",
          code: "workflow/failed",
          seen: "smoke.yml failed",
          since: ago(35),
          clearedBy: "running it again",
          url: "https://github.com/acme/deployments/actions/runs/22",
        },
      ],
    }),
    decision(backend.now, "staging", "unchanged", "Artifact and written values agree.", {
      gates: [...usual, { ...met("workflow", "smoke.yml succeeded"), url: "https://github.com/acme/deployments/actions/runs/21" }],
    }),
  ],
};

/** One run over everything: something went, something waits, something was changed by hand. */
const reconciled: PromotionReport = {
  ...mixed,
  reconciled: {
    looked: { apps: 40, environments: 4, places: 160 },
    discovered: [
      { app: "backend" as AppName, source: "oci ghcr.io/acme/backend", result: "unchanged", version: "2.1.1", artifact: backend.now },
      { app: "worker" as AppName, source: "oci ghcr.io/acme/worker", result: "failed", error: closed },
    ],
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

const unmet = (name: string, seen: string, more: Partial<GateResult>): GateResult => ({ name, met: false, outcome: "held", seen, ...more });
const passages = (...all: [string, Explained["passages"][number]["state"], number?][]): Explained["passages"] =>
  all.map(([env, state, minutes]) => ({
    environment: env as EnvName,
    state,
    releasedAt: minutes === undefined ? undefined : ago(minutes),
  }));
const way = [environment("test", "test"), environment("staging", "staging", "test"), environment("production", "production", "staging")];
const rejectedOne = artifact("backend", "2.0.5", 500);
const hotfix = artifact("backend", "2.1.2-hotfix", 5, { branch: "hotfix/login" });
const byRequest = "has no policy: it is promoted by request";

/** The next one soaks, the newest is nowhere yet, one in between was rejected upstream. */
const explanation: ExplanationReport = {
  kind: "explanation",
  result: "held",
  app: "backend" as AppName,
  environment: "production" as EnvName,
  next: backend.now.id,
  newest: hotfix.id,
  left: 3,
  artifacts: [
    {
      artifact: hotfix,
      environment: "production" as EnvName,
      passages: passages(["test", "never"], ["staging", "never"], ["production", "never"]),
      onlyByRequest: byRequest,
      decision: decision(hotfix, "production", "held", "was not released in staging; is not released in staging yet", {
        gates: [
          ...usual,
          unmet("from", "was not released in staging", { code: "from/not-eligible", clearedBy: `promote ${hotfix.id} to staging` }),
          unmet("soak", "is not released in staging yet", { code: "soak/not-started", clearedBy: "time, once it is released in staging" }),
        ],
      }),
      upstream: [
        {
          artifact: hotfix,
          environment: "staging" as EnvName,
          passages: passages(["test", "never"], ["staging", "never"], ["production", "never"]),
          onlyByRequest: 'its branch is "hotfix/login", and the policy wants main',
          decision: decision(hotfix, "staging", "planned", "all gates are met"),
          upstream: [],
        },
      ],
    },
    {
      artifact: backend.now,
      environment: "production" as EnvName,
      passages: passages(["test", "ran", 44], ["staging", "runs", 40], ["production", "never"]),
      onlyByRequest: byRequest,
      decision: decision(backend.now, "production", "held", `is pinned at ${backend.old.id} by octo-dev: incident 42; has been upstream for 40m of 1h`, {
        previous: release(backend.old, 8000),
        gates: [
          ...usual.filter((one) => one.name !== "pin"),
          met("from", "was released in staging"),
          unmet("pin", `is pinned at ${backend.old.id} by octo-dev: incident 42`, {
            code: "pin/pinned",
            since: ago(1500),
            clearedBy: "glu unpin backend production",
            clearsAt: ago(-60),
          }),
          unmet("soak", "has been upstream for 40m of 1h", { code: "soak/too-young", since: ago(40), clearedBy: "time", clearsAt: ago(-20) }),
        ],
      }),
      upstream: [],
    },
    {
      artifact: rejectedOne,
      environment: "production" as EnvName,
      passages: passages(["test", "ran", 480], ["staging", "rejected", 450], ["production", "unknown"]),
      onlyByRequest: byRequest,
      decision: decision(rejectedOne, "production", "held", "was rejected in staging"),
      upstream: [],
    },
  ],
  pipeline: {
    environments: way,
    running: [
      running("backend", "test", release(backend.next, 20)),
      running("backend", "staging", release(backend.now, 40)),
      running("backend", "production", release(backend.old, 8000), {
        pin: { ...pinnedAt, app: "backend", artifact: backend.old.id, reason: "incident 42", until: ago(-60) },
      }),
    ],
  },
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  links,
  now,
  notices: ["A damaged artifact is left out."],
  cost: base.cost,
};

/** Nothing is in the way, and nothing starts it. */
const explanationReady: ExplanationReport = {
  ...explanation,
  result: "planned",
  app: "frontend" as AppName,
  next: frontend.now.id,
  newest: frontend.now.id,
  left: 0,
  artifacts: [
    {
      artifact: frontend.now,
      environment: "production" as EnvName,
      passages: passages(["staging", "runs", 125], ["production", "never"]),
      onlyByRequest: byRequest,
      decision: decision(frontend.now, "production", "planned", "all gates are met", {
        release: release(frontend.now, 0),
        changes: [change(frontend.old, frontend.now, "production")],
      }),
      upstream: [],
    },
  ],
  pipeline: { environments: stages, running: [running("frontend", "staging", release(frontend.now, 125)), running("frontend", "production", undefined)] },
  notices: [],
};

const stage = (
  name: string,
  from: string[],
  more: Partial<GraphReport["environments"][number]> = {},
): GraphReport["environments"][number] => ({
  name: name as EnvName,
  tier: undefined,
  from: from.length === 0 ? undefined : { mode: "all", environments: from as EnvName[] },
  auto: undefined,
  policy: [],
  accept: [],
  gates: [],
  ...more,
});

/** Two ways that part and meet again, one edge past two columns, and more apps than fit. */
const pipelineDrawn: GraphReport = {
  kind: "graph",
  environments: [
    stage("test", [], { policy: [{ event: ["push"], branch: ["main"] }, { event: ["tag"], tag: ["v*", "!*-rc*"] }] }),
    stage("staging", ["test"], { tier: "staging", policy: [{ branch: ["main"] }] }),
    stage("load-test", ["test"]),
    stage("eu-production", ["staging", "load-test"], { tier: "production", gates: [{ name: "soak", options: "1h" }] }),
    stage("us-production", ["eu-production"], { auto: "upstream", tier: "production", gates: [{ name: "soak", options: "1d" }] }),
    stage("archive", ["test", "us-production"], { from: { mode: "any", environments: ["test", "us-production"] as EnvName[] } }),
  ],
  apps: Array.from({ length: 15 }, (_, index) => ({
    name: `app-${index + 1}` as AppName,
    environments: (index % 2 === 0
      ? ["test", "staging", "load-test", "eu-production", "us-production", "archive"]
      : ["test", "staging"]) as EnvName[],
  })),
  running: undefined,
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  links,
  now,
  notices: [],
  cost: { way: "git", requests: 1, bytesReceived: 4200, milliseconds: 120 },
};

const pipelineRunning: GraphReport = {
  ...pipelineDrawn,
  environments: [stage("staging", [], { policy: [{ branch: ["main"] }] }), stage("production", ["staging"], { tier: "production" })],
  apps: ["backend", "frontend", "worker"].map((name) => ({
    name: name as AppName,
    environments: ["staging", "production"] as EnvName[],
  })),
  running: mixed.pipeline.running,
};

export const scenarios: Record<string, Report> = { promoted, mixed, partly, tested, plan, none, reconciled, "artifact-created": created, "status-of-many": status, history, explanation, "explanation-ready": explanationReady, graph: pipelineDrawn, "graph-running": pipelineRunning };
export { mixed, promoted };

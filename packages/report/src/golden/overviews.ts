// What the other commands show, for the golden files. Test support.
import { type AppName, type Digest, type EnvName, type Explained, type GateResult, type HistoryEntry, type RefName, type Release, type Sha } from "@glu/core";
import type { ArtifactReport, ExplanationReport, GraphReport, HistoryReport, Running, StatusReport } from "../report.ts";
import { now, ago, hex, artifact, release, commit, request, links, environment, stages, running, met, usual, decision, change, frontend, backend, worker } from "./parts.ts";
import { base, promoted, pinnedAt, mixed } from "./promotions.ts";

export const created: ArtifactReport = {
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
/** What waits for its verification: looked at, there already, and merged without a time. */
const awaiting: Record<string, Running["verifying"]> = {
  "backend 1": { state: "committed", since: ago(4), until: ago(-11), seen: `health: backend-eu is OutOfSync at ${hex("old", 40)} | <b>` },
  "backend 2": { state: "synced", since: ago(2), until: ago(-9), seen: "prometheus: is looked at 5m after the release is there" },
  "frontend 1": { state: "committed", since: undefined, until: undefined, seen: undefined },
};
export const status: StatusReport = {
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
        const waits = awaiting[`${app} ${column}`];
        const state = app === "billing" && column === 1 ? "failed" : (waits?.state ?? "healthy");
        const more: Partial<Running> = waits !== undefined ? { verifying: waits } :
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

const undoing = release(frontend.old, 60, { kind: "rollback", reason: "login is broken" });
const entry = (of: Release, more: Partial<HistoryEntry>): HistoryEntry => ({
  app: "frontend" as AppName,
  environment: "production" as EnvName,
  release: of,
  marks: [],
  rolledBack: undefined,
  overrides: [],
  removed: undefined,
  rejected: undefined,
  commit: undefined,
  ...more,
});

export const history: HistoryReport = {
  kind: "history",
  app: "frontend" as AppName,
  environment: "production" as EnvName,
  configLocation: "acme/deployments",
  branch: "refs/heads/main" as RefName,
  entries: [
    entry(undoing, { commit, marks: ["current"] }),
    entry(release(frontend.now, 125, { state: "failed", superseded: ["20261121t065900z-aaaaaaaaaaaa"] }), {
      commit: hex("c2", 40) as Sha,
      marks: ["failed", "rolled-back", "superseded"],
      rolledBack: undoing,
      rejected: {
        artifact: frontend.now.id,
        digest: `sha256:${hex("d1", 64)}`,
        reason: "login is broken",
        actor: { name: "octo-dev", verified: true },
        at: ago(60),
        request,
      },
    }),
    entry(release(frontend.old, 2900, { state: "healthy" }), { commit: hex("c3", 40) as Sha, marks: [] }),
    entry(release(frontend.old, 9900, { state: "healthy" }), {
      marks: ["removed"],
      removed: { request, actor: { name: "octo-dev", verified: true }, reason: "moves to another cluster", at: ago(9000) },
    }),
  ],
  more: true,
  filtered: false,
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
export const explanation: ExplanationReport = {
  kind: "explanation",
  result: "held",
  app: "backend" as AppName,
  environment: "production" as EnvName,
  next: backend.now.id,
  newest: hotfix.id,
  starts: undefined,
  none: undefined,
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
export const explanationReady: ExplanationReport = {
  ...explanation,
  result: "planned",
  app: "frontend" as AppName,
  next: frontend.now.id,
  newest: frontend.now.id,
  starts: undefined,
  none: undefined,
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
export const pipelineDrawn: GraphReport = {
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

export const pipelineRunning: GraphReport = {
  ...pipelineDrawn,
  environments: [stage("staging", [], { policy: [{ branch: ["main"] }] }), stage("production", ["staging"], { tier: "production" })],
  apps: ["backend", "frontend", "worker"].map((name) => ({
    name: name as AppName,
    environments: ["staging", "production"] as EnvName[],
  })),
  running: mixed.pipeline.running,
};


// Runs of promote and reconcile, for the golden files. Test support.
import { type ApiUse, type AppName, type Artifact, type ArtifactId, type EnvName, OutsideError, type Pin, type Release, type RefName, type Sha, type SourceChange } from "@glu/core";
import type { PromotionReport } from "../report.ts";
import { now, ago, hex, bytes, artifact, release, commit, request, links, environment, stages, running, met, usual, decision, values, change, frontend, backend, worker } from "./parts.ts";

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

export const base = {
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

export const promoted: PromotionReport = {
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

const frozen = "production is frozen by ada: the sale | of *everything*";

/** Past a freeze and a soak, by somebody who may. */
export const overridden: PromotionReport = {
  ...base,
  result: "promoted",
  commit,
  reason: "incident 42",
  notices: [
    "Break-glass: frontend in production runs 1.4.0 past freeze, soak, overridden by grace at 2026-11-21 07:00 UTC: incident 42. This stands here until its next regular release.",
  ],
  decisions: [
    decision(frontend.now, "production", "promoted", `overridden by grace: incident 42 (freeze: ${frozen}; soak: has been upstream for 5m of 1h)`, {
      previous: release(frontend.old, 2900),
      release: {
        ...release(frontend.now, 0),
        kind: "override",
        overrides: [
          { gate: "freeze", code: "freeze/frozen", seen: frozen, clearedBy: "glu unfreeze production" },
          { gate: "soak", code: "soak/too-young", seen: "has been upstream for 5m of 1h" },
        ],
      },
      commit,
      gates: [
        ...usual,
        { ...met("freeze", `${frozen}; overridden by grace: incident 42`), override: { gate: "freeze", code: "freeze/frozen", seen: frozen, clearedBy: "glu unfreeze production" } },
        { ...met("soak", "has been upstream for 5m of 1h; overridden by grace: incident 42"), override: { gate: "soak", code: "soak/too-young", seen: "has been upstream for 5m of 1h" } },
      ],
      changes: [change(frontend.old, frontend.now, "production")],
    }),
  ],
  pipeline: promoted.pipeline,
};

export const pinnedAt: Pin = {
  schema: "glu.pin.v1",
  app: "worker",
  environment: "production",
  artifact: worker.old.id,
  reason: "incident 42: queue backs up",
  actor: { name: "octo-dev", verified: true },
  at: ago(1500),
  request,
};

export const mixed: PromotionReport = {
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
export const partly: PromotionReport = {
  ...promoted,
  result: "refused",
  undecided: ["backend", "frontend"].map((app) => ({
    app: app as AppName,
    environment: "edge" as EnvName,
    error: closed,
  })),
};

export const plan: PromotionReport = {
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

export const tested: PromotionReport = {
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
const asked: ApiUse[] = [
  {
    server: "api.github.com",
    calls: 12,
    unchanged: 5,
    stopped: undefined,
    limits: [
      { resource: "core", limit: 5000, remaining: 4988, resetsAt: Date.parse(ago(-25)) },
      { resource: "graphql", limit: 5000, remaining: 4999, resetsAt: Date.parse(ago(-40)) },
    ],
  },
];

export const reconciled: PromotionReport = {
  ...mixed,
  cost: { ...base.cost, api: asked },
  earlierCommits: [hex("the commit before", 40) as Sha],
  reconciled: {
    looked: { apps: 40, environments: 4, places: 160 },
    discovered: [
      { app: "backend" as AppName, source: "oci ghcr.io/acme/backend", result: "unchanged", version: "2.1.1", artifact: backend.now },
      { app: "worker" as AppName, source: "oci ghcr.io/acme/worker", result: "failed", error: closed },
      {
        app: "shop" as AppName,
        source: "ghcr.io/acme/shop-web",
        result: "none",
        why: "none of 12 that count is whole",
        waiting: [{ version: "1.12.0", missing: ["ghcr.io/acme/shop-worker"] }],
      },
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

/** The run after it, with nothing changed and one thing of another day among those that wait. */
export const stillHeld: PromotionReport = {
  ...base,
  actor: undefined,
  result: "held",
  decisions: [],
  pipeline: { environments: [], running: [] },
  cost: { way: "wire", requests: 1, bytesReceived: 2_480, milliseconds: 180 },
  reconciled: {
    quietUntil: ago(-45),
    told: {
      result: "held",
      at: ago(15),
      looked: { apps: 40, environments: 4, places: 160 },
      counts: { held: 12, superseded: 0, unchanged: 146, passedOver: 2 },
      waiting: [
        { app: "frontend" as AppName, environment: "production" as EnvName, gates: [{ name: "soak", clearsAt: ago(-45) }] },
        {
          app: "backend" as AppName,
          environment: "production" as EnvName,
          gates: [
            { name: "window", clearsAt: ago(-1445) },
            { name: "pin", clearsAt: undefined },
          ],
        },
      ],
      next: ago(-45),
    },
  },
};

export const none: PromotionReport = {
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


// A run of rollback, for the golden files. Test support.
import type { AppName, EnvName, Pin } from "@glu/core";
import type { PromotionReport } from "../report.ts";
import { base } from "./promotions.ts";
import { ago, artifact, change, commit, decision, frontend, met, release, request, running, stages } from "./parts.ts";

const reason = "1.4.2 loses sessions";
const by = { name: "octo-dev", verified: true };

const pin: Pin = {
  schema: "glu.pin.v1",
  app: "frontend",
  environment: "production",
  artifact: frontend.old.id,
  reason,
  actor: by,
  at: ago(0),
  until: ago(-120),
  request,
};

const seen = [met("rejected", "was not rejected here"), met("pin", "is not pinned"), met("drift", "the files say what the record says")];

const newer = release(frontend.now, 60);

export const rolledBack: PromotionReport = {
  ...base,
  result: "promoted",
  commit,
  reason,
  decisions: [
    decision(frontend.old, "production", "promoted", "all gates are met", {
      intent: {
        app: "frontend" as AppName,
        environment: "production" as EnvName,
        artifact: frontend.old,
        explicit: true,
        request,
        rollback: { to: release(frontend.old, 2900), undoes: [newer, release(artifact("frontend", "1.4.1-fix", 320), 300)] },
      },
      previous: newer,
      release: release(frontend.old, 0, { kind: "rollback", reason }),
      commit,
      gates: seen,
      changes: [change(frontend.now, frontend.old, "production")],
      pin,
    }),
  ],
  sources: [{ app: "frontend" as AppName, from: frontend.now, to: frontend.old, commits: [], left: 0, known: "artifacts" }],
  passedOver: [
    {
      app: "backend" as AppName,
      environment: "production" as EnvName,
      artifact: undefined,
      reason: "there is no earlier release of backend in production to go back to",
    },
  ],
  pipeline: {
    environments: stages,
    running: [
      { ...running("frontend", "production", release(frontend.old, 0, { kind: "rollback", reason })), pin },
      running("frontend", "staging", release(frontend.now, 125)),
    ],
  },
};

import { compareArtifacts } from "../artifact/order.ts";
import { defineGate, met, unmet } from "./gate.ts";

const measures = {
  digest: "the same artifact",
  ancestry: "by ancestry",
  semver: "by version",
  run: "by run number",
  committed: "by commit time",
  created: "by build time",
} as const;

/** Never backwards by accident: what is older than the current release is superseded, or refused when asked for by name. */
export const order = defineGate({
  name: "order",
  neverOverridden: "glu rollback goes back",
  options: undefined,
  outcome: "refused",
  observes: "state",
  observe: ({ intent, environment }, state) => state.record(intent.app, environment.name).current?.artifact,
  check: (current, _options, _now, { intent, ancestry }) => {
    if (current === undefined || current === null) return met("nothing is released there yet");
    const stands = compareArtifacts(intent.artifact, current, ancestry);
    if (stands.kind === "incomparable") {
      return met(`cannot be ordered (${stands.why}), and ${intent.explicit ? "was asked for" : "a policy takes it"}`);
    }
    if (stands.kind !== "older") return met(`is not older than ${current.id} (${measures[stands.by]})`);
    return unmet(`is older than ${current.id}, which is released there (${measures[stands.by]})`, {
      outcome: intent.explicit ? "refused" : "superseded",
      code: "order/older",
      clearedBy: intent.explicit ? "a newer artifact; glu rollback goes back" : "nothing: a newer artifact is there",
    });
  },
});

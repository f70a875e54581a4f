import { type AnyGate, defineGate } from "../gates/gate.ts";
import { configurableGates } from "../gates/gates.ts";
import type { Artifact } from "../model/artifact.ts";
import { type EnvName, envName, requestId } from "../model/names.ts";
import type { Environment, Verification } from "../model/pipeline.ts";
import type { Release, ReleaseRecord } from "../model/record.ts";
import { type ReconcileRequest, reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "./memory.ts";

const minute = 60_000;
/** What the world says of a version; else it is still on its way. */
export type Word = "healthy" | "synced" | "broken" | "silent" | "coming";

export const verify = (onFailure: Verification["onFailure"]): Verification => ({
  gates: [{ name: "seen", options: undefined }],
  within: 10 * minute,
  onFailure,
});

const stages = (onFailure: Verification["onFailure"]): Environment[] => [
  environment("staging", { policy: onMain, verify: verify(onFailure) }),
  environment("production", {
    from: {
      mode: "all",
      environments: [envName("staging")],
      counts: new Map([[envName("staging"), onFailure === "notify" ? "released" : "healthy"]]),
    },
    auto: "newest",
  }),
];

/** A world in which releases are verified by what it says of their versions. */
export function verifying(
  onFailure: Verification["onFailure"] = "hold",
  environments = stages(onFailure),
  apps = ["web"],
) {
  const artifacts: Artifact[] = [];
  const pipeline = pipelineOf(apps, environments);
  const made = world({ apps, pipeline, artifacts });
  const words = new Map<string, Word>();
  const looks: string[] = [];
  const seen = defineGate({
    name: "seen",
    options: undefined,
    outcome: "held",
    observes: "outside",
    verifies: true,
    observe: ({ intent }, _state, _options, { release }): { word: Word; commit: string | undefined } => {
      looks.push(`${intent.app} ${intent.environment} ${intent.artifact.id}`);
      return { word: words.get(intent.artifact.id) ?? "coming", commit: release?.commit?.commit };
    },
    check: ({ word, commit }) => {
      if (word === "healthy") return { met: true, seen: `runs, of ${commit === undefined ? "none" : "a commit"}` };
      const more = word === "synced" ? { synced: true as const } : word === "silent" ? { unknown: true as const } : {};
      return { met: false, seen: `is ${word}`, outcome: word === "broken" ? "refused" : "held", ...more };
    },
  }) as AnyGate;
  made.ports.gates = [...configurableGates, seen];
  let runs = 0;
  const run = (more: Partial<ReconcileRequest> = {}) => {
    const prefix = `run-${++runs}`;
    const asked = {
      apps: [],
      environments: [],
      plan: false,
      author: undefined,
      commitMessage: undefined,
      again: false,
    };
    return reconcile(
      {
        ...asked,
        actor: { name: "glu", verified: true },
        requestOf: (name: EnvName) => requestId(`${prefix}-${name}`),
        ...more,
      },
      made.ports,
    );
  };
  const build = (number: number, word: Word, app = "web") => {
    const artifact = artifactOf(app, number);
    artifacts.push(artifact);
    words.set(artifact.id, word);
    return artifact;
  };
  const record = (name: string, app = "web"): ReleaseRecord | undefined => {
    const text = made.repository.text(`.glu/${app}/${name}.json`);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const current = (name: string, app = "web"): Release | undefined => record(name, app)?.current ?? undefined;
  const messages = () => made.repository.commits.slice(1).map(({ message }) => message.split("\n", 1)[0]);
  return { ...made, artifacts, words, looks, run, build, record, current, messages };
}

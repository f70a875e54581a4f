import { decide } from "../decide/decide.ts";
import type { ObserveOptions } from "../decide/observe.ts";
import { observe } from "../decide/observe.ts";
import { withoutSecrets } from "../decide/without-secrets.ts";
import type { AnyGate, GateSubject, ReleaseInPlace } from "../gates/gate.ts";
import type { GateResult } from "../model/decision.ts";
import { appName, envName, requestId } from "../model/names.ts";
import type { Environment, GateUse } from "../model/pipeline.ts";
import { emptyRecord } from "../model/record.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { Outside } from "../ports/outside.ts";
import type { State } from "../state/state.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start } from "./memory.ts";

const nothing: State = {
  record: emptyRecord,
  pin: () => undefined,
  freezes: () => [],
} as unknown as State;

export interface Looking {
  outside?: Partial<Outside>;
  artifact?: Parameters<typeof artifactOf>[2];
  /** What templates give; as they stand without it. */
  render?: (template: string) => string;
  clock?: ReturnType<typeof clockAt>;
  plan?: boolean;
  /** Of the environment. */
  at?: Partial<Environment>;
  actor?: GateSubject["actor"];
  explicit?: boolean;
  proposal?: ObserveOptions["proposal"];
  tip?: ObserveOptions["tip"];
  /** The release that is verified: the gate stands under `verify` then. */
  release?: ReleaseInPlace | undefined;
  /** What was seen before, in the same run. */
  cache?: ObserveOptions["cache"];
}

const placeOf = (use: GateUse, { release }: Looking): Partial<Environment> =>
  release === undefined
    ? { gates: [use] }
    : { gates: [], verify: { gates: [use], within: 3_600_000, onFailure: "hold" } };

/** What one gate says of an artifact, its options read as the config has them, on the way that promotions take. */
export async function looked(gate: AnyGate, given: unknown, looking: Looking = {}): Promise<GateResult> {
  const options: unknown = gate.options?.parse(given);
  const artifact = artifactOf("web", 3, looking.artifact);
  const images = Object.fromEntries(Object.entries(artifact.images).map(([key, { name }]) => [key, name]));
  const app = pipelineOf(["web"], undefined, { images }).apps.get(appName("web"))!;
  const subject: GateSubject = {
    intent: {
      app: app.name,
      environment: envName("staging"),
      artifact,
      explicit: looking.explicit ?? true,
      request: requestId("r"),
    },
    app,
    environment: environment("staging", { ...looking.at, ...placeOf({ name: gate.name, options }, looking) }),
    actor: looking.actor ?? { name: "ada", verified: true },
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
  const clock = looking.clock ?? clockAt(start);
  const observing: ObserveOptions = {
    gates: [gate],
    cache: looking.cache ?? new Map(),
    outside: { ...noOutside, ...looking.outside },
    clock,
    templates: { render: looking.render ?? ((template) => template) },
    items: async () => [],
    tip: looking.tip ?? someTip,
    proposal: looking.proposal,
    release: looking.release && { ...looking.release, request: `r-${looking.release.commit?.commit}` },
    plan: looking.plan ?? false,
  };
  const observed = await observe(subject, nothing, observing);
  const { gates } = withoutSecrets(decide(subject, observed, clock.now()), observing.outside.redact);
  return gates.find(({ name }) => name === gate.name)!;
}

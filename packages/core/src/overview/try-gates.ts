import { type Evaluated, evaluateEach } from "../decide/decide.ts";
import { type ObservationCache, type ObserveOptions, observe } from "../decide/observe.ts";
import { gateWithoutSecrets } from "../decide/without-secrets.ts";
import type { GateSubject } from "../gates/gate.ts";
import type { Artifact } from "../model/artifact.ts";
import { type AppName, requestId } from "../model/names.ts";
import type { App, Environment, GateUse, Pipeline } from "../model/pipeline.ts";
import { emptyRecord } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { sampleOf } from "./sample-artifact.ts";

/** Those that only read what somebody else says. */
const reading = new Set(["health", "prometheus", "http"]);
/** Apps that one gate is tried for. */
const mostApps = 5;

export interface TryGates {
  pipeline: Pipeline;
  observing: Pick<ObserveOptions, "gates" | "outside" | "clock" | "templates" | "tip">;
  /** What runs in a place; where nothing does, an artifact is made up. */
  artifactOf(app: AppName, environment: Environment): Artifact | undefined;
}

/** What one gate says of some apps now. */
export interface TriedGate {
  environment: Environment["name"];
  under: "gates" | "verify";
  name: string;
  apps: { app: AppName; said: Evaluated }[];
  /** Apps that it was not tried for. */
  left: number;
  /** It is a program of the job, or changes something where it asks: it was not tried. */
  isLeftOut: boolean;
}

/** Asks those whom gates ask, and makes nothing happen: whether they answer, and what they say of what runs now. */
export async function tryGates({ pipeline, observing, artifactOf }: TryGates): Promise<TriedGate[]> {
  const cache: ObservationCache = new Map();
  const tried: TriedGate[] = [];
  for (const environment of pipeline.environments.values()) {
    const apps = [...pipeline.apps.values()].filter(({ environments }) => environments.includes(environment.name));
    for (const { use, under } of usesIn(environment)) {
      const gate = observing.gates.find(({ name }) => name === use.name);
      if (gate === undefined || !reading.has(use.name)) continue;
      const { method } = use.options as { method?: string };
      const isLeftOut = gate.asksByProgram?.(use.options) === true || method === "POST";
      const some = isLeftOut ? [] : apps.slice(0, mostApps);
      const said = await Promise.all(
        some.map(async (app) => {
          const artifact = artifactOf(app.name, environment) ?? sampleOf(app, 1);
          return { app: app.name, said: await tryGate(use, { app, environment, artifact }, { ...observing, cache }) };
        }),
      );
      const left = isLeftOut ? 0 : apps.length - some.length;
      tried.push({ environment: environment.name, under, name: use.name, apps: said, left, isLeftOut });
    }
  }
  return tried;
}

const usesIn = ({ gates, verify }: Environment) => [
  ...gates.map((use) => ({ use, under: "gates" as const })),
  ...(verify?.gates ?? []).map((use) => ({ use, under: "verify" as const })),
];

/** Nothing is released or held anywhere: only what the gate itself says counts. */
const nothing: State = {
  record: emptyRecord,
  current: () => null,
  pin: () => undefined,
  freezes: () => [],
};

async function tryGate(
  use: GateUse,
  { app, environment, artifact }: { app: App; environment: Environment; artifact: Artifact },
  observing: TryGates["observing"] & { cache: ObservationCache },
): Promise<Evaluated> {
  const at: Environment = { ...environment, gates: [use], verify: undefined, from: undefined, set: undefined };
  const subject: GateSubject = {
    intent: { app: app.name, environment: at.name, artifact, explicit: true, request: requestId("doctor") },
    app,
    environment: at,
    actor: { name: "doctor", verified: false },
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
  const { clock, outside } = observing;
  const observed = await observe(subject, nothing, { ...observing, items: async () => [], plan: true });
  const own = observed.filter(({ gate, options }) => gate.name === use.name && options === use.options);
  const [said] = evaluateEach(own, subject, clock.now());
  if (said === undefined) throw new Error(`the gate ${use.name} was not observed`);
  return { ...said, result: gateWithoutSecrets(said.result, outside.redact) };
}

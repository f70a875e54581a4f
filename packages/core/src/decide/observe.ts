import { GluError } from "../errors.ts";
import type { AnyGate, GateSubject } from "../gates/gate.ts";
import { standingGates } from "../gates/gates.ts";
import type { State } from "../state/state.ts";
import type { Observed } from "./decide.ts";

/** What gates of kind `outside` saw, kept for the run by gate, options and subject. */
export type ObservationCache = Map<string, Promise<Observed["observation"]>>;

/** Observes what every gate of the intent must know, concurrently. What cannot be observed is said, not thrown. */
export function observe(
  subject: GateSubject,
  state: State,
  configurable: readonly AnyGate[],
  cache: ObservationCache,
): Promise<Observed[]> {
  const uses = [
    ...standingGates.map((gate) => ({ gate, options: undefined as unknown })),
    ...subject.environment.gates.map(({ name, options }) => {
      const gate = configurable.find((one) => one.name === name);
      if (gate === undefined) throw new Error(`no gate ${name}: the config should have been refused`);
      return { gate, options };
    }),
  ];
  return Promise.all(
    uses.map(async ({ gate, options }) => {
      const look = () => observeOne(gate, options, subject, state);
      if (gate.observes === "state") return { gate, options, observation: await look() };
      const { app, environment, artifact } = subject.intent;
      const key = JSON.stringify([gate.name, options, app, environment, artifact.id]);
      const seen = cache.get(key) ?? look();
      cache.set(key, seen);
      return { gate, options, observation: await seen };
    }),
  );
}

async function observeOne(
  gate: AnyGate,
  options: unknown,
  subject: GateSubject,
  state: State,
): Promise<Observed["observation"]> {
  try {
    return { kind: "seen", value: await gate.observe(subject, state, options) };
  } catch (error) {
    // A malformed record is an error of the run; a server that does not answer is a gate that cannot be evaluated.
    if (error instanceof GluError && error.kind === "outside") return { kind: "failed", why: error.message };
    throw error;
  }
}

import type { z } from "zod";
import type { GateOutcome, GateResult, Intent } from "../model/decision.ts";
import type { Timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { State } from "../state/state.ts";

/** What an observation may use: the state at the tip, and where the intent points. */
export interface GateSubject {
  intent: Intent;
  environment: Environment;
}

export interface Unmet {
  outcome?: GateOutcome;
  since?: Timestamp;
  clearedBy?: string;
  clearsAt?: Timestamp;
  /** Stable code; default `<gate>/unmet`. */
  code?: string;
}

export type Check = Pick<GateResult, "met" | "seen"> & Unmet;

/**
 * A condition that must hold: what it must know (`observe`, may do I/O, cached for the run by gate and subject), and a
 * pure `check` that explains itself. What cannot be observed is held, never passed.
 */
export interface Gate<Options, Observation> {
  readonly name: string;
  readonly options: z.ZodType<Options>;
  /** What an unmet check does unless it says otherwise. */
  readonly outcome: GateOutcome;
  observe(subject: GateSubject, state: State, options: Options): Promise<Observation> | Observation;
  check(observation: Observation, options: Options, now: number, subject: GateSubject): Check;
}

/** A gate whose types have been forgotten, as the list of gates holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the list is heterogeneous; each gate is typed where it is defined
export type AnyGate = Gate<any, any>;

export function defineGate<Options, Observation>(gate: Gate<Options, Observation>): Gate<Options, Observation> {
  return gate;
}

export const met = (seen: string): Check => ({ met: true, seen });
export const unmet = (seen: string, why: Unmet = {}): Check => ({ met: false, seen, ...why });

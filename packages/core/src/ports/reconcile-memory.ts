import type { RunResult } from "../model/decision.ts";
import type { AppName, EnvName, RefName, Timestamp } from "../model/names.ts";
import type { Cost } from "./config-repository.ts";

/** Milliseconds for which it is believed that nothing moves, at most: a forged memory delays for no longer. */
export const longestQuiet = 6 * 3_600_000;

/** A place where something waits, and for which gates. */
export interface Waiting {
  app: AppName;
  environment: EnvName;
  gates: { name: string; clearsAt: Timestamp | undefined }[];
}

/** What a run that looked at everything and moved nothing had to say: a run that finds nothing changed says it again. */
export interface Told {
  /** Of that run. */
  result: RunResult;
  /** When it looked, to the second. */
  at: Timestamp;
  looked: { apps: number; environments: number; places: number };
  /** How many places were decided how; `passedOver`: nothing is there that they take by themselves. */
  counts: { held: number; superseded: number; unchanged: number; passedOver: number };
  /** The held ones, what clears first before the others; a memory has little room, so not always all of them. */
  waiting: Waiting[];
  /** When something clears by itself; undefined: nothing does. */
  next: Timestamp | undefined;
}

/** What the last reconciliation that looked at everything knew. */
export interface Recalled {
  /** Stands for all that it looked at. The same key: nothing has changed. */
  key: string;
  /** The branch that it was about; undefined: there is none. */
  branch: RefName | undefined;
  /**
   * Until when (milliseconds since the epoch) nothing moves unless something changes, and what was told. Undefined: what
   * is there now was not looked at, or is to be looked at again.
   */
  quiet: { until: number; told: Told } | undefined;
  /** Whether there are branches of proposals. */
  mayBeProposed: boolean;
}

/**
 * Lets a reconciliation end after one request when nothing has changed since the last. It is a shortcut and no truth:
 * whoever may write it can at most delay automatic promotions, for as long as it is believed.
 */
export interface ReconcileMemory {
  /** Looks once; what is read afterwards may believe what was seen. */
  recall(): Promise<Recalled>;
  /** @param until milliseconds since the epoch, at most {@link longestQuiet} ahead */
  remember(key: string, until: number, told: Told): Promise<void>;
  /** What looking cost. */
  cost(): Cost;
}

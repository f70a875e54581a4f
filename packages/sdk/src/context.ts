import type { Artifact } from "./generated/artifact.ts";

/** What a gate's function is told of the promotion that it may hold. */
export interface GateContext {
  /** The app's name. */
  app: string;
  /** The environment's name. */
  environment: string;
  tier: string | null;
  /** What shall be released. */
  artifact: Artifact;
  /** Asked for by name, not started by a policy. */
  explicit: boolean;
  /** Who asked. `verified`: the forge says so. */
  actor: { name: string; verified: boolean };
  /** The reason that was given. */
  reason: string | null;
  /** When the run looks, in milliseconds since the epoch. Use it, not the clock: a decision is a function of its inputs. */
  now: number;
}

/** What a gate's function answers. */
export interface GateAnswer {
  met: boolean;
  /** What was seen, on one line of at most 500 characters. People read it in the summary. */
  seen: string;
  /** Since when it is so, as ISO 8601 with its zone: `2026-01-05T09:00:00Z`. */
  since?: string;
  /** Who or what can clear it, on one line of at most 200 characters. */
  clearedBy?: string;
  /** When it clears by itself, as ISO 8601 with its zone. What has passed is left out. */
  clearsAt?: string;
}

import type { Image } from "../../model/artifact.ts";

/**
 * What is said of one place. `failed`: it does not pass by itself. `unknown`: nobody can tell. `waits`: it is not good yet,
 * and may become so.
 */
export interface Judged {
  state: "healthy" | "waits" | "failed" | "unknown";
  seen: string;
  /** Of what is not healthy. */
  code?: string;
  clearedBy?: string;
  /** The release has reached the place. */
  synced?: true;
  url?: string | undefined;
}

type HealthCode = `health/${string}`;

/** The release that is looked for; undefined: it is asked how the place is, whatever runs there. */
export type Wanted =
  | { images: readonly Image[]; imagesBefore?: readonly Image[] | undefined; releasedAt: number }
  | undefined;

export const healthy = (seen: string): Judged => ({ state: "healthy", seen });

export const waits = (seen: string, code: HealthCode, more: Partial<Judged> = {}): Judged => ({
  state: "waits",
  seen,
  code,
  ...more,
});

export const failed = (seen: string, more: Partial<Judged> = {}): Judged => ({
  state: "failed",
  seen,
  code: "health/failed",
  clearedBy: "a release that becomes healthy, or somebody who repairs this one",
  ...more,
});

export const unknown = (seen: string, code: HealthCode, clearedBy: string): Judged => ({
  state: "unknown",
  seen,
  code,
  clearedBy,
});

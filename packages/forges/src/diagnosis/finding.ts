import type { DoctorFinding } from "@glu/core";

/** What a check of `glu doctor` found. */
export type Finding = DoctorFinding;

/** Whom and what a diagnosis is about. */
export interface DiagnosisQuestion {
  /** Of the config, without `refs/heads/`. */
  branch: string;
  /** Environments that are committed to, and those that are proposed to. */
  direct: readonly string[];
  proposing: readonly string[];
  /** Where the token came from. */
  source: "input" | "GLU_TOKEN" | "app" | "host" | "none";
  /** What a GitHub App was given. */
  granted?: Readonly<Record<string, string>>;
}

export const ok = (check: string, seen: string): Finding => ({ check, state: "ok", seen, fix: "" });

export const unseen = (check: string, why: string, fix = ""): Finding => ({
  check,
  state: "unseen",
  seen: `cannot be seen with this token (${why})`,
  fix,
});

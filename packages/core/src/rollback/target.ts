import { UserError } from "../errors.ts";
import { pastTime } from "../model/past-time.ts";

/** Where a rollback goes back to: the input `to`, parsed. */
export type RollbackTarget =
  /** So many releases back, of other artifacts each; `previous` is 1. */
  | { kind: "steps"; count: number }
  /** The last one that was verified. */
  | { kind: "healthy" }
  /** What ran then, in milliseconds since the epoch. */
  | { kind: "time"; at: number }
  /** An artifact by its id, digest, version or source commit, or a commit of the config repository. */
  | { kind: "named"; name: string };

/** More than a record holds is no number of releases. */
const steps = /^[1-9]\d{0,2}$/;

/**
 * `previous`, a number of releases, `healthy`, a time (RFC 3339, or a distance back such as `2h`), or what names an
 * artifact or a commit.
 *
 * @param now milliseconds since the epoch
 * @throws UserError `input/to`
 */
export function parseRollbackTarget(value: string, now: number): RollbackTarget {
  const text = value.trim();
  if (text === "previous") return { kind: "steps", count: 1 };
  if (text === "healthy") return { kind: "healthy" };
  if (steps.test(text)) return { kind: "steps", count: Number(text) };
  const at = timeOf(text, now);
  if (at !== undefined) return { kind: "time", at };
  if (/^[\p{L}\p{N}][^\s\p{C}]{0,255}$/u.test(text)) return { kind: "named", name: text };
  throw new UserError("input/to", `${JSON.stringify(value)} names nothing to go back to.`, {
    seen: value,
    fix: "Give previous, a number of releases, healthy, a time (2026-11-21T07:00:00Z, or 2h for two hours ago), a version, an artifact's id or digest, or a commit of the config repository.",
  });
}

function timeOf(text: string, now: number): number | undefined {
  try {
    return pastTime(text, now);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError("input/to", error.message, { seen: text, fix: error.fix ?? "", cause: error });
  }
}

/** The target in words, after "back to". */
export function describeTarget(target: RollbackTarget): string {
  switch (target.kind) {
    case "steps":
      return target.count === 1 ? "the previous release" : `${target.count} releases back`;
    case "healthy":
      return "the last healthy release";
    case "time":
      return `what ran at ${new Date(target.at).toISOString()}`;
    case "named":
      return target.name;
  }
}

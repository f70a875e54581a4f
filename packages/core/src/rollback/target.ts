import { pastTime } from "../calendar/past-time.ts";
import { timeForms } from "../calendar/read-time.ts";
import { UserError } from "../errors.ts";

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
 * `previous`, a number of releases, `healthy`, a time (see `readTime`; a duration is a distance back), or what names an
 * artifact or a commit.
 *
 * @param now milliseconds since the epoch
 * @throws UserError `input/to`, `input/time`
 */
export async function parseRollbackTarget(value: string, now: number): Promise<RollbackTarget> {
  const text = value.trim();
  if (text === "previous") return { kind: "steps", count: 1 };
  if (text === "healthy") return { kind: "healthy" };
  if (steps.test(text)) return { kind: "steps", count: Number(text) };
  const at = await timeOf(text, now);
  if (at !== undefined) return { kind: "time", at };
  if (/^[\p{L}\p{N}][^\s\p{C}]{0,255}$/u.test(text)) return { kind: "named", name: text };
  throw new UserError("input/to", `${JSON.stringify(value)} names nothing to go back to.`, {
    seen: value,
    fix: `Give previous, a number of releases, healthy, a time (${timeForms}), a version, an artifact's id or digest, or a commit of the config repository.`,
  });
}

async function timeOf(text: string, now: number): Promise<number | undefined> {
  try {
    return await pastTime(text, now);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError("input/to", error.message, { seen: text, fix: error.fix ?? "", cause: error });
  }
}

/** Whether it is another release with each that is made: what was rejected is none of them. */
export const isRelative = ({ kind }: RollbackTarget): boolean => kind === "steps" || kind === "healthy";

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

import { pastTime } from "../calendar/past-time.ts";
import { UserError } from "../errors.ts";
import { type EnvName, envName } from "../model/names.ts";

/** An environment as it is, or as it was. */
export interface Revision {
  environment: EnvName;
  at:
    | { kind: "now" }
    /** Milliseconds since the epoch. */
    | { kind: "time"; time: number }
    /** A commit of the branch that the environment lives on, or the beginning of its id. */
    | { kind: "commit"; commit: string };
  /** As it was written. */
  text: string;
}

/**
 * `production`, `production@2026-11-21T14:00:00Z`, `production@2d`, or `production@<commit of the config repository>`.
 *
 * @param now milliseconds since the epoch
 * @throws UserError `input/revision`, `input/time`
 */
export async function parseRevision(text: string, now: number): Promise<Revision> {
  const at = text.indexOf("@");
  if (at < 0) return { environment: envName(text), at: { kind: "now" }, text };
  const [name, when] = [text.slice(0, at), text.slice(at + 1)];
  const environment = envName(name);
  const time = await pastTime(when, now);
  if (time !== undefined) return { environment, at: { kind: "time", time }, text };
  if (/^[0-9a-f]{7,64}$/.test(when)) return { environment, at: { kind: "commit", commit: when }, text };
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(when);
  throw new UserError("input/revision", `${JSON.stringify(when)} is no time and no commit.`, {
    seen: text,
    fix: isDate
      ? `Give the time of day and its zone, too: ${name}@${when}T00:00:00Z.`
      : `Give ${name}@2026-11-21T14:00:00Z, ${name}@2d for two days ago, or 7 digits or more of a commit of the config repository.`,
  });
}

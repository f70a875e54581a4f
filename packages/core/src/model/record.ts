import { z } from "zod";
import { artifactSchema, digestSchema } from "./artifact.ts";
import type { AppName, EnvName, RepoPath } from "./names.ts";
import { releaseKinds, releaseStates } from "./release-words.ts";

export { releaseKinds, releaseStates };

export const recordSchemaId = "glu.record.v1";
/** Releases kept in a record beside the current one. */
export const historyLimit = 50;

const name = z.string();
const time = z.iso.datetime();

/** `Glu-Kind` of a commit that takes an app out of an environment. */
export const removalKind = "remove";

/** Who asked. `verified` tells whether the forge vouches for the name. */
export const actorSchema = z.strictObject({ name: z.string(), verified: z.boolean() });
export type Actor = z.infer<typeof actorSchema>;

/** A value that a release put into a file: what drift is measured against. */
export const writtenSchema = z.strictObject({
  path: z.string(),
  selector: z.string(),
  value: z.string(),
  /** The editor that can read it back, e.g. `yaml`. */
  editor: z.string(),
});
export type Written = z.infer<typeof writtenSchema>;

/** A gate that was not met and that people passed: what it saw then. */
export const gateOverrideSchema = z.strictObject({
  /** The name by which it was overridden, such as `freeze`. */
  gate: z.string(),
  /** Why it was not met, such as `freeze/frozen`. */
  code: z.string(),
  seen: z.string(),
  /** Who or what would have cleared it. */
  clearedBy: z.string().optional(),
});
export type GateOverride = z.infer<typeof gateOverrideSchema>;
/** That a release was taken out of its environment again, with all that was written for it. */
export const removalSchema = z.strictObject({
  request: z.string(),
  actor: actorSchema,
  reason: z.string().optional(),
  at: time,
});
export type Removal = z.infer<typeof removalSchema>;

/** The last that was seen of a release where releases are verified. */
export const verificationSchema = z.strictObject({
  /** When its state became what it is. */
  at: time,
  /** What was seen then, in one line. */
  seen: z.string(),
});

/** One release: an artifact that became the desired state of an app in an environment. */
export const releaseSchema = z.strictObject({
  request: z.string(),
  kind: z.enum(releaseKinds),
  artifact: artifactSchema,
  /** The tip of the config branch that it was decided on; its own commit is on top of that or of a later one. */
  decidedOn: z.string(),
  actor: actorSchema,
  reason: z.string().optional(),
  decidedAt: time,
  /** Null while it is only proposed. */
  releasedAt: time.nullable(),
  /** When it was seen to be healthy. */
  verifiedAt: time.optional(),
  /**
   * `committed`: its files say so; `synced`: it runs there; `healthy`: all that is verified of it was seen; `failed`:
   * something that is verified was not.
   */
  state: z.enum(releaseStates),
  verification: verificationSchema.optional(),
  writes: z.array(writtenSchema),
  /** Ids of artifacts that it overtook before they were promoted here. */
  superseded: z.array(z.string()).default([]),
  /** Gates that people passed though they were not met; absent: none. */
  overrides: z.array(gateOverrideSchema).optional(),
  /** Of a rollback: its files were put back byte for byte, whatever the config would have written. */
  exact: z.literal(true).optional(),
  /** It was the last one there when the app was taken out of the environment. */
  removed: removalSchema.optional(),
  trace: z.strictObject({ traceparent: z.string() }).optional(),
});
export type Release = z.infer<typeof releaseSchema>;

/** An artifact that was rolled back or failed here; automation never promotes it again. */
export const rejectionSchema = z.strictObject({
  artifact: z.string(),
  digest: z.string(),
  reason: z.string(),
  actor: actorSchema,
  at: time,
  request: z.string(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/** `.glu/<app>/<env>.json`: what is released, and its bounded history, newest first. */
export const recordSchema = z.strictObject({
  schema: z.literal(recordSchemaId),
  app: name,
  environment: name,
  current: releaseSchema.nullable(),
  history: z.array(releaseSchema),
  rejected: z.array(rejectionSchema).default([]),
});
export type ReleaseRecord = z.infer<typeof recordSchema>;

/** What a record says of now; its history is left unread. */
export const currentSchema = z.object(
  recordSchema.pick({ schema: true, app: true, environment: true, current: true }).shape,
);

export function emptyRecord(app: AppName, environment: EnvName): ReleaseRecord {
  return { schema: recordSchemaId, app, environment, current: null, history: [], rejected: [] };
}

/** The record with `release` as its current one; the oldest beyond {@link historyLimit} fall off. */
export function withRelease(record: ReleaseRecord, release: Release): ReleaseRecord {
  const past = record.current === null ? record.history : [record.current, ...record.history];
  return { ...record, current: release, history: past.slice(0, historyLimit) };
}

/** The record as it was before a request released anything here: what one request decides on, however often it runs. */
export function before(record: ReleaseRecord, request: string): ReleaseRecord {
  const earlier = releases(record).filter((release) => release.request !== request);
  const [last = null, ...history] = earlier;
  return last?.removed === undefined
    ? { ...record, current: last, history }
    : { ...record, current: null, history: earlier };
}

/** The record with the app taken out: nothing runs there, and what ran is history. */
export function withRemoval(record: ReleaseRecord, removed: Removal): ReleaseRecord {
  const [last, ...earlier] = releases(record);
  const history = last === undefined ? [] : [{ ...last, removed }, ...earlier];
  return { ...record, current: null, history: history.slice(0, historyLimit) };
}

/** That the app was taken out of the environment, and nothing was released there since. */
export function removalOf({ current, history }: ReleaseRecord): Removal | undefined {
  return current === null ? history[0]?.removed : undefined;
}

/** Whether a release may have been made here that the record no longer holds. */
export function mayHaveForgotten(record: ReleaseRecord): boolean {
  if (record.history.length >= historyLimit) return true;
  return record.current === null && removalOf(record) === undefined;
}

/** Current and past releases, newest first. */
export function releases(record: ReleaseRecord): Release[] {
  return record.current === null ? record.history : [record.current, ...record.history];
}

export const recordPath = (app: AppName, env: EnvName): RepoPath => `.glu/${app}/${env}.json` as RepoPath;
export const pinPath = (app: AppName, env: EnvName): RepoPath => `.glu/${app}/${env}.pin.json` as RepoPath;
export const freezePath = (env: EnvName | "all"): RepoPath => `.glu/_freeze/${env}.json` as RepoPath;

/** `.glu/<app>/<env>.pin.json`: an environment held at an artifact. */
export const pinSchema = z.strictObject({
  schema: z.literal("glu.pin.v1"),
  app: name,
  environment: name,
  /** Id of the artifact it is held at. */
  artifact: z.string(),
  /** Its digest, of which the id has a part; pins of before it was written have none. */
  digest: digestSchema.optional(),
  reason: z.string(),
  actor: actorSchema,
  at: time,
  until: time.optional(),
  request: z.string(),
});
export type Pin = z.infer<typeof pinSchema>;

/** `.glu/_freeze/<env|all>.json`: a time in which nothing is promoted. */
export const freezeSchema = z.strictObject({
  schema: z.literal("glu.freeze.v1"),
  /** An environment, or `all`. */
  scope: name,
  reason: z.string(),
  actor: actorSchema,
  at: time,
  until: time.optional(),
  request: z.string(),
});
export type Freeze = z.infer<typeof freezeSchema>;

/** Whether a pin or freeze holds at a time (milliseconds since the epoch); an expired one has lifted itself. */
export function inForce(hold: { until?: string | undefined }, now: number): boolean {
  return hold.until === undefined || now < Date.parse(hold.until);
}

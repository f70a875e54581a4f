import { z } from "zod";
import { type AppName, digest, type RepoPath, sha } from "./names.ts";
import { actorSchema } from "./record.ts";

const time = z.iso.datetime();
const parsed = <T extends string>(read: (value: string) => T) =>
  z.string().transform((value, context): T => {
    try {
      return read(value);
    } catch (error) {
      context.issues.push({ code: "custom", message: (error as Error).message, input: value });
      return z.NEVER;
    }
  });

/** Why the code of a preview may run: it is of the repository itself, or somebody who may write vouched for this commit. */
export const trustSchema = z.strictObject({
  by: z.enum(["repository", "label", "command"]),
  /** The commit that was vouched for. */
  sha: z.string(),
});
export type Trust = z.infer<typeof trustSchema>;

/** An image of a preview, by its digest. */
export const previewImageSchema = z.strictObject({
  name: z.string(),
  tag: z.string().optional(),
  digest: parsed(digest),
});
export type PreviewImage = z.infer<typeof previewImageSchema>;

const identity = { app: z.string(), number: z.int().positive() };

/** `.glu/_previews/<app>/pr-<n>.json`: a preview that is there, and all that was written for it. */
export const previewSchema = z.strictObject({
  schema: z.literal("glu.preview.v1"),
  ...identity,
  /** The forge's time of the event that this state comes from: nothing older changes it. */
  clock: time,
  /** The head of the pull request that runs. */
  head: parsed(sha),
  /** Who opened the pull request, where the forge told it. */
  author: z.string().optional(),
  /** `owner/name` of the pull request's repository, its source branch, and the branch it goes into, where they were known. */
  repository: z.string().optional(),
  branch: z.string().optional(),
  base: z.string().optional(),
  trust: trustSchema,
  images: z.record(z.string(), previewImageSchema),
  /** Where the templates came from, and the SHA-256 of them all. */
  template: z.strictObject({ from: z.string(), hash: z.string() }),
  namespace: z.string(),
  host: z.string().optional(),
  url: z.string().optional(),
  /** The address that answers with 2xx when it is healthy. */
  health: z.string().optional(),
  /** Further addresses by what people call them, such as `Logs`. */
  links: z.record(z.string(), z.string()).optional(),
  /** The clock of the event that made it. */
  createdAt: time,
  /** What its data are filled with: an id, and how long it stays. */
  seed: z.strictObject({ id: z.string(), per: z.enum(["once", "per-sha"]) }).optional(),
  /** Milliseconds without an event after which it goes. */
  idle: z.int().positive(),
  /** Milliseconds after which it goes in any case. */
  maxAge: z.int().positive(),
  /** Somebody asked that it stays until then. */
  keepUntil: time.optional(),
  /** Its files, each with the SHA-256 of its bytes in hex: what is deleted with it, and nothing else. */
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
  request: z.string(),
  actor: actorSchema,
});
export type Preview = z.infer<typeof previewSchema>;

/** Why a preview went. */
export const goneBecause = ["closed", "command", "orphan", "idle", "too-old", "evicted"] as const;

/** `.glu/_previews/<app>/pr-<n>.closed.json`: that it was closed, so that nothing older brings it back. */
export const tombstoneSchema = z.strictObject({
  schema: z.literal("glu.preview-closed.v1"),
  ...identity,
  clock: time,
  because: z.enum(goneBecause),
  /** When it was written, by the clock of who wrote it: it is kept for 45 days. */
  at: time,
  request: z.string(),
  actor: actorSchema,
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

/** The folder of the states of all previews. */
export const previewsFolder = ".glu/_previews" as RepoPath;
export const previewPath = (app: AppName, number: number): RepoPath =>
  `${previewsFolder}/${app}/pr-${number}.json` as RepoPath;
export const tombstonePath = (app: AppName, number: number): RepoPath =>
  `${previewsFolder}/${app}/pr-${number}.closed.json` as RepoPath;
/** A pull request's number is at most what a forge's database holds. */
export const numberInPath = /^pr-([1-9]\d{0,9})(\.closed)?\.json$/;

import { z } from "zod";
import { costSchema, releaseSummarySchema, sourceSchema } from "./promotion-document.ts";
import { actorSchema } from "./record.ts";
import { releaseMarks } from "./release-words.ts";

// The answers of `history`, `diff` and `remove` for machines. Absent values are null.

const text = z.string();
const optional = text.nullable();

const entry = z.strictObject({
  app: text,
  environment: text,
  current: z.boolean().describe("It runs there now."),
  marks: z.array(z.enum(releaseMarks)).describe("What became of it."),
  commit: optional.describe("The commit that made it; null when the history of the branch does not tell."),
  url: optional,
  release: releaseSummarySchema,
  rolledBack: z
    .strictObject({
      request: text,
      to: z.strictObject({ id: text, version: text }).describe("The artifact that was gone back to."),
      actor: actorSchema,
      reason: optional,
      at: z.iso.datetime(),
    })
    .nullable()
    .describe("The rollback that undid it."),
  overrides: z.array(text).describe("The gates that people passed for it."),
  superseded: z.array(text).describe("Ids of artifacts that it overtook, which never ran there."),
  removed: z
    .strictObject({ request: text, actor: actorSchema, reason: optional, at: z.iso.datetime() })
    .nullable()
    .describe("Who took the app out of the environment while it ran there."),
  rejected: z
    .strictObject({ reason: text, actor: actorSchema })
    .nullable()
    .describe("Why no policy promotes its artifact there again."),
});

/** `glu.history.v1` */
export const historyDocumentSchema = z.strictObject({
  schema: z.literal("glu.history.v1"),
  result: z.literal("ok"),
  app: optional.describe("What was asked for; null: all."),
  environment: optional,
  repository: text,
  branch: text,
  at: z.iso.datetime(),
  entries: z.array(entry).describe("Newest first, over all places."),
  more: z.boolean().describe("Whether the limit left some out."),
  notices: z.array(text),
  cost: costSchema,
});

const side = z.strictObject({
  environment: text,
  revision: text.describe("As it was written, such as production@2d."),
  commit: text.describe("Of the branch that the environment lives on."),
  committedAt: z.iso.datetime(),
});

const place = z.strictObject({ path: text, selector: text, value: text }).nullable();

/** `glu.diff.v1` */
export const diffDocumentSchema = z.strictObject({
  schema: z.literal("glu.diff.v1"),
  result: z.enum(["same", "different"]),
  repository: text,
  at: z.iso.datetime(),
  left: side,
  right: side,
  apps: z.array(
    z.strictObject({
      app: text,
      different: z.boolean(),
      standing: z
        .enum(["ahead", "behind", "same", "incomparable", "only-left", "only-right"])
        .describe("How the artifact of the left stands to that of the right."),
      by: optional.describe("What tells it: digest, ancestry, semver, run, committed or created."),
      left: releaseSummarySchema.nullable(),
      right: releaseSummarySchema.nullable(),
      commits: sourceSchema.nullable().describe("The source commits between; null where none are known."),
      values: z
        .array(z.strictObject({ left: place, right: place }))
        .describe("Values that differ for another reason than the artifact."),
      files: z
        .array(
          z.strictObject({
            path: text,
            kind: text,
            added: z.number(),
            removed: z.number(),
            diff: optional.describe("Unified diff."),
          }),
        )
        .describe("With --patch: the files that were written."),
    }),
  ),
  notices: z.array(text),
  cost: costSchema,
});

/** `glu.remove.v1` */
export const removeDocumentSchema = z.strictObject({
  schema: z.literal("glu.remove.v1"),
  result: z
    .enum(["removed", "planned", "unchanged"])
    .describe("unchanged: it was taken out before, by another request."),
  app: text,
  environment: text,
  commit: optional,
  url: optional,
  repeated: z.boolean().describe("The same request did it before."),
  artifact: optional.describe("Id of what ran there."),
  values: z
    .array(
      z.strictObject({
        path: text,
        selector: text,
        how: z
          .enum(["removed", "restored", "kept"])
          .describe("removed: it was not there before. restored: what stood there before stands there again."),
        before: optional.describe("What stood there before."),
        why: optional.describe("Why it was kept."),
      }),
    )
    .describe("What becomes of each value that was written."),
  files: z.array(z.strictObject({ path: text, change: z.enum(["changed", "deleted"]) })),
});

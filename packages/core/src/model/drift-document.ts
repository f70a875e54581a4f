import { z } from "zod";
import { costSchema } from "./promotion-document.ts";
import { actorSchema } from "./record.ts";

// The answer of `drift` for machines: output `drift`, `glu drift -o json`. Absent values are null.

const text = z.string();
const optional = text.nullable();
const count = z.number().int().nonnegative();

const finding = z.strictObject({
  code: text.describe("Stable: drift/changed-by-hand, drift/edited-by-hand, drift/violation, …"),
  fails: z.boolean().describe("Whether it makes the result other than clean."),
  app: optional.describe("Null of a freeze, which is of no app."),
  environment: optional.describe("Null of a freeze of everything."),
  path: text,
  line: z.number().int().positive().nullable(),
  message: text,
  selector: optional.describe("The place in the file; null when the finding is of a record, pin or freeze."),
  recorded: optional.describe("What the record says."),
  found: optional.describe("What the file says; null when it is gone."),
  change: z.enum(["added", "changed", "removed", "restored"]).nullable().describe("Of a record, pin or freeze."),
  by: z
    .strictObject({
      commit: text,
      url: optional,
      author: text.describe("What the commit says: nobody vouches for it."),
      subject: text,
      at: z.iso.datetime(),
      byGlu: z.boolean().describe("It carries a request of Glu's."),
    })
    .nullable()
    .describe("The commit that made it; null when the history that was read does not tell."),
  past: z
    .array(
      z.strictObject({
        kind: z
          .enum(["pin", "freeze", "scheduled", "status"])
          .describe("scheduled: one of the freezes of the config; status: of a proposal that was merged all the same."),
        reason: optional.describe("Of a status what it said; null of a freeze of the config that gives none."),
        actor: actorSchema.nullable().describe("Null of a freeze of the config, and of a status."),
        until: optional,
      }),
    )
    .describe("The pins and freezes that were in force then, or the status of a proposal."),
});

/** The answer of a check for drift, as it is published. */
export const driftDocumentSchema = z.strictObject({
  schema: z.literal("glu.drift.v1"),
  result: z.enum(["clean", "drifted", "violation"]),
  repository: text,
  branch: text,
  since: optional.describe("The commit before those that were looked at; null when everything was."),
  commits: count.nullable(),
  places: count.describe("Places whose files were compared with their records."),
  unrecorded: count.describe("Those of them that have no record."),
  findings: z.array(finding),
  unread: z.array(z.strictObject({ app: text, environment: text, code: text, message: text })),
  notices: z.array(text),
  cost: costSchema.optional().describe("What was asked of the forge's API; left out where nothing was."),
});

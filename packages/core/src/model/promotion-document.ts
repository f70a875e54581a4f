import { z } from "zod";
import { gateOutcomes, results } from "./decision.ts";
import { actorSchema, gateOverrideSchema, releaseKinds, releaseStates, verificationSchema } from "./record.ts";

// The answer of `promote` and `plan` for machines: output `decision`, `glu promote -o json`. Absent values are null.

const text = z.string();
const optional = text.nullable();

/** What identifies an artifact in an answer. */
export const artifactSummarySchema = z.strictObject({
  id: text,
  version: text.describe("What people call it: the tag, else the image's tag, else the short commit."),
  repository: text,
  sha: text,
  branch: text,
  tag: optional,
  committedAt: z.iso.datetime(),
  images: z.record(text, text).describe("Image references by key."),
});

export const releaseSummarySchema = z.strictObject({
  artifact: artifactSummarySchema,
  kind: z.enum(releaseKinds),
  state: z.enum(releaseStates),
  request: text,
  actor: actorSchema,
  reason: optional,
  decidedOn: text,
  decidedAt: z.iso.datetime(),
  releasedAt: z.iso.datetime().nullable(),
  verifiedAt: z.iso.datetime().nullable(),
  verification: verificationSchema
    .nullable()
    .describe("What was seen of it last, where releases are verified; null where nothing was."),
  superseded: z.array(text),
  overrides: z
    .array(gateOverrideSchema)
    .optional()
    .describe("Gates that people passed though they were not met; absent where there are none."),
});

const gate = z.strictObject({
  name: text,
  met: z.boolean(),
  outcome: z.enum(gateOutcomes).describe("What it does when it is unmet."),
  seen: text.describe("What was seen, as the rest of a sentence that begins with the gate's name."),
  code: optional.describe("Stable reason, such as pin/pinned; null when met."),
  since: z.iso.datetime().nullable(),
  clearedBy: optional.describe("Who or what can clear it."),
  clearsAt: z.iso.datetime().nullable().describe("When it clears by itself."),
  output: text.optional().describe("The end of what a program printed that was run for it."),
  url: optional.describe("The web page of what was looked at, such as a test run."),
  override: gateOverrideSchema
    .optional()
    .describe("It was not met, and people passed it: what it saw. Absent where nobody did."),
});

const change = z.strictObject({
  path: text,
  kind: text,
  content: text,
  added: z.number(),
  removed: z.number(),
  bytesBefore: z.number(),
  bytesAfter: z.number(),
  diff: optional.describe("Unified diff."),
});

export const sourceSchema = z.strictObject({
  from: text.describe("The commit that runs there."),
  to: text,
  compare: optional.describe("Where the forge shows what lies between."),
  known: z
    .enum(["history", "artifacts"])
    .describe("history: these are all. artifacts: only commits that artifacts were built from are known."),
  commits: z
    .array(z.strictObject({ sha: text, subject: text, author: optional, committedAt: optional, url: optional }))
    .describe("Newest first."),
  left: z.number().describe("How many more there are."),
});

export const holdSummarySchema = z.looseObject({
  reason: text,
  actor: actorSchema,
  at: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
});

const rollback = z.strictObject({
  undoes: z.array(releaseSummarySchema).describe("Newest first."),
  pin: holdSummarySchema.nullable(),
});

/** One decision with its gates. */
export const decisionSchema = z.strictObject({
  app: text,
  environment: text,
  result: z.enum(results).exclude(["none", "failed"]),
  reason: text,
  explicit: z.boolean().describe("Asked for by name, not started by a policy."),
  repeated: z
    .boolean()
    .describe("The same request had been carried out before; result and commit are the original ones."),
  request: text,
  artifact: artifactSummarySchema,
  commit: optional,
  proposal: z
    .strictObject({ number: z.number(), url: text })
    .nullable()
    .describe("The pull or merge request that brings it, where it is proposed."),
  previous: releaseSummarySchema.nullable(),
  rollback: rollback.optional().describe("Of a rollback: what it undoes, and the pin that it makes."),
  release: releaseSummarySchema.nullable(),
  gates: z.array(gate),
  source: sourceSchema
    .nullable()
    .describe("The source commits that come along; null where nothing changes or is known."),
  changes: z.array(change),
});

/** The environments in their order, and what runs in them. */
export const pipelineSchema = z.strictObject({
  environments: z.array(
    z.strictObject({
      name: text,
      tier: optional,
      from: z.strictObject({ mode: z.enum(["all", "any"]), environments: z.array(text) }).nullable(),
    }),
  ),
  running: z.array(
    z.strictObject({
      app: text,
      environment: text,
      release: releaseSummarySchema.nullable(),
      pin: holdSummarySchema.nullable(),
      freeze: holdSummarySchema.nullable(),
      verifying: z
        .strictObject({
          state: z.enum(["committed", "synced"]),
          since: z.iso
            .datetime()
            .nullable()
            .describe("Since when it is that; null: since its merge, which is not written down."),
          until: z.iso.datetime().nullable().describe("Until when it has time; null: from the first look."),
          seen: optional.describe("What was seen when that was written down."),
        })
        .optional()
        .describe("That the release waits for its verification; absent where it does not."),
    }),
  ),
});

export const costSchema = z
  .strictObject({
    way: optional.describe("By which way the repository was reached; null where only APIs are told of."),
    requests: z.number().nullable(),
    bytesReceived: z.number().nullable(),
    milliseconds: z.number().nullable(),
    api: z
      .array(
        z.strictObject({
          server: text.describe("The host of a forge's API, such as api.github.com."),
          calls: z.number(),
          unchanged: z
            .number()
            .describe("Those that were answered with 'nothing has changed': GitHub does not count them."),
          limits: z
            .array(
              z.strictObject({
                resource: text.describe("What is limited, in the server's own word, such as core or graphql."),
                limit: z.number(),
                remaining: z.number(),
                resetsAt: z.iso.datetime(),
              }),
            )
            .describe("What the token may still ask; empty where the server does not say."),
        }),
      )
      .describe("What was asked of the APIs of forges, by server and token."),
  })
  .nullable();

const looked = z.strictObject({ apps: z.number(), environments: z.number(), places: z.number() });

const quiet = z.strictObject({
  quietUntil: z.iso
    .datetime()
    .describe("Nothing had changed since everything was looked at, and nothing clears before."),
  lookedAt: z.iso
    .datetime()
    .describe("When everything was looked at. `result` and what follows is what was said then."),
  looked,
  counts: z
    .strictObject({ held: z.number(), superseded: z.number(), unchanged: z.number(), passedOver: z.number() })
    .describe("How many places were decided how."),
  waiting: z
    .array(
      z.strictObject({
        app: text,
        environment: text,
        gates: z.array(z.strictObject({ name: text, clearsAt: z.iso.datetime().nullable() })),
      }),
    )
    .describe(
      "Places that are held, and the gates that hold them; as many as are remembered, `counts.held` counts all.",
    ),
  next: z.iso.datetime().nullable().describe("When something clears by itself, as far as it is known."),
});

const reconciled = z.strictObject({
  looked,
  discovered: z
    .array(
      z.strictObject({
        app: text,
        source: text,
        result: text,
        version: optional,
        artifact: optional.describe("Its id, where the version is one."),
        error: optional,
        code: optional.describe("The error's code."),
        why: optional.describe("Why it brought nothing, or nothing newer, and what ends that."),
      }),
    )
    .describe("What the sources said that apps follow."),
  drifted: z
    .array(
      z.strictObject({
        app: text,
        environment: text,
        path: text,
        selector: text,
        recorded: text,
        found: optional.describe("Null: it is gone."),
      }),
    )
    .describe("Values that were changed past Glu since it wrote them."),
  lapsed: z
    .strictObject({
      pins: z.array(z.strictObject({ app: text, environment: text, until: optional })),
      freezes: z.array(z.strictObject({ scope: text, until: optional })),
    })
    .describe("Holds that have ended by themselves."),
  next: z.iso.datetime().nullable().describe("When something clears by itself next."),
});

/** `glu.promotion.v1` */
export const promotionDocumentSchema = z.strictObject({
  schema: z.literal("glu.promotion.v1"),
  result: z
    .enum(results)
    .describe(
      "The worst of the decisions; failed when a release did not pass its verification, refused when something could not be decided.",
    ),
  headline: text,
  plan: z.boolean(),
  advisory: z.boolean(),
  request: text,
  repository: text,
  branch: text,
  commit: optional.describe("The newest of `commits`, else the one that the same request had made before."),
  commits: z
    .array(z.strictObject({ repository: text, branch: text, commit: text }))
    .describe("What this run made: a reconciliation makes one for each environment."),
  at: z.iso.datetime(),
  decisions: z.array(decisionSchema),
  passedOver: z.array(z.strictObject({ app: text, environment: text, artifact: optional, reason: text })),
  undecided: z
    .array(z.strictObject({ app: text, environment: text, code: text, message: text, fix: optional }))
    .describe("Places of which nothing could be decided, and why; the others were decided all the same."),
  verified: z
    .array(
      z.strictObject({
        app: text,
        environment: text,
        release: releaseSummarySchema.nullable(),
        seen: text,
        until: z.iso
          .datetime()
          .nullable()
          .describe("When what is not met fails it; null: it is decided, or nobody knows."),
        isNews: z.boolean().describe("This run made it what it is."),
        gates: z.array(gate),
      }),
    )
    .optional()
    .describe("Releases that were waiting for their verification, and what was seen of them."),
  reconciled: z
    .union([reconciled, quiet])
    .nullable()
    .describe("What a reconciliation looked at and found; null of a promotion."),
  pipeline: pipelineSchema,
  told: z
    .strictObject({
      told: z.array(z.strictObject({ what: text, url: optional })).describe("What was written on the forge."),
      warnings: z.array(text).describe("What could not be written there, each with its fix."),
    })
    .optional()
    .describe("What people were told of the releases; absent where nothing was asked for or released."),
  notices: z.array(text),
  cost: costSchema,
});

import { z } from "zod";
import { passageStates } from "../explain/passage.ts";
import { results } from "./decision.ts";
import {
  artifactSummarySchema,
  costSchema,
  decisionSchema,
  holdSummarySchema,
  pipelineSchema,
  releaseSummarySchema,
} from "./promotion-document.ts";

// The answer of `explain` for machines. Absent values are null.

const text = z.string();

const passage = z.strictObject({
  environment: text,
  state: z
    .enum(passageStates)
    .describe(
      "runs: it is the current release. ran: it was. failed, rejected: it was released and does not count. never: not as far as the record reaches. unknown: the record cannot be read.",
    ),
  releasedAt: z.iso.datetime().nullable(),
});

const explained = z.strictObject({
  artifact: artifactSummarySchema,
  environment: text,
  passages: z.array(passage).describe("How far it came: the environments of the app, in pipeline order."),
  onlyByRequest: text.nullable().describe("Why nothing promotes it there by itself; null when a policy does."),
  decision: decisionSchema.describe("What would be decided now: by itself, or by request where nothing starts it."),
  get upstream() {
    return z
      .array(explained)
      .describe("Where from is what stops it: the same of each upstream that has not released it.");
  },
});

/** `glu.explanation.v1` */
export const explanationDocumentSchema = z.strictObject({
  schema: z.literal("glu.explanation.v1"),
  result: z.enum(results).describe("That of the artifact that could go there next; none when nothing could."),
  headline: text,
  app: text,
  environment: text,
  repository: text,
  branch: text,
  at: z.iso.datetime(),
  running: releaseSummarySchema.nullable().describe("What runs there now."),
  pin: holdSummarySchema.nullable(),
  freeze: holdSummarySchema.nullable(),
  next: text.nullable().describe("Id of the artifact that could go there next."),
  newest: text.nullable().describe("Id of the newest that could go there, wherever it is now."),
  starts: text
    .nullable()
    .describe("Id of the artifact that the next run promotes by itself: next, or an older one while that is held."),
  none: text.nullable().describe("Why nothing waits and nothing runs there; null when something does."),
  artifacts: z
    .array(explained)
    .describe("What waits, newest first. Those that are neither next nor newest are told by records and config alone."),
  left: z.number().describe("How many more wait."),
  pipeline: pipelineSchema,
  notices: z.array(text),
  cost: costSchema,
});

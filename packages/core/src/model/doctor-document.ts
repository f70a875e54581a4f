import { z } from "zod";
import { costSchema } from "./promotion-document.ts";

// The answer of `doctor` for machines: `glu doctor -o json`.

const finding = z.strictObject({
  check: z.string().describe("What was looked at: token, clock, push to main, status glu/production, …"),
  state: z
    .enum(["ok", "warning", "error", "unseen"])
    .describe("unseen: it may not be looked at with this token, so it may be well or not."),
  seen: z.string(),
  fix: z.string().describe("What to do; empty where nothing is to be done."),
});

/** What one check found. */
export type DoctorFinding = z.infer<typeof finding>;

/** The answer of `doctor`, as it is published. */
export const doctorDocumentSchema = z.strictObject({
  schema: z.literal("glu.doctor.v1"),
  result: z.enum(["ok", "error"]).describe("error: a check has the state error, and the exit code is 2."),
  findings: z.array(finding),
  cost: costSchema.optional().describe("What was asked of the forge's API; left out where nothing was."),
});

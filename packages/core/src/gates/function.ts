import { z } from "zod";
import { OutsideError } from "../errors.ts";
import { duration, lastingPattern } from "../model/duration.ts";
import { timestamp } from "../model/names.ts";
import type { FunctionReference } from "../ports/outside.ts";
import { defineGate, type GateSubject, type Look, met, type Unmet, unmet } from "./gate.ts";

const options: z.ZodType<FunctionReference> = z.strictObject({
  name: z.string().min(1),
  index: z.int().min(0),
  source: z.string(),
  timeout: z.string().regex(lastingPattern, "must be a duration longer than none, such as 10s"),
});

const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "must be one line");
const time = z.iso.datetime();

/** What a function answers: what it saw, and of an unmet one who can clear it and when it clears by itself. */
export const functionAnswer = z.strictObject({
  met: z.boolean(),
  seen: line(500),
  since: time.optional(),
  clearedBy: line(200).optional(),
  clearsAt: time.optional(),
});
export type FunctionAnswer = z.output<typeof functionAnswer>;

/** What a function is told: all that a gate may look at, as JSON has it. */
export function functionContext({ intent, environment, actor, reason }: GateSubject, { now }: Pick<Look, "now">) {
  return {
    app: intent.app,
    environment: environment.name,
    tier: environment.tier ?? null,
    artifact: intent.artifact,
    /** Asked for by name, not started by a policy. */
    explicit: intent.explicit,
    actor: { name: actor.name, verified: actor.verified },
    reason: reason ?? null,
    now,
  };
}

/** Milliseconds that a call may wait for those before it. */
const longestQueue = 60_000;

/**
 * A function of `glu.config.ts`. What throws, takes too long or answers anything but {@link functionAnswer} is held,
 * under the function's name.
 */
export const functionGate = defineGate({
  name: "function",
  options,
  outcome: "held",
  observes: "outside",
  timeLimit: ({ timeout }) => duration(timeout) + longestQueue,
  observe: async (subject, _state, reference, look): Promise<FunctionAnswer> => {
    const answer = await look.outside.functions.call(reference, functionContext(subject, look), look.signal);
    const parsed = functionAnswer.safeParse(answer);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.length ? ` ${issue.path.join(".")}:` : "";
    throw new OutsideError("function/answer", `${reference.name} gave no answer of a gate:${where} ${issue?.message}`, {
      fix: 'Let it return { met: true or false, seen: "what it saw" }.',
    });
  },
  check: ({ met: isMet, seen, clearedBy, ...times }, { name }) => {
    if (isMet) return met(`${name}: ${seen}`);
    const why: Unmet = { clearedBy: clearedBy ?? `${name}, when the next run asks it` };
    if (times.since !== undefined) why.since = timestamp(Date.parse(times.since));
    if (times.clearsAt !== undefined) why.clearsAt = timestamp(Date.parse(times.clearsAt));
    return unmet(`${name}: ${seen}`, why);
  },
});

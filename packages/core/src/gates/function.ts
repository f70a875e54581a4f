import { z } from "zod";
import { OutsideError } from "../errors.ts";
import { duration } from "../model/duration.ts";
import { timestamp } from "../model/names.ts";
import type { FunctionReference } from "../ports/outside.ts";
import { defineGate, type GateSubject, type Look, met, type Unmet, unmet } from "./gate.ts";
import { timeLimit } from "./outside/time-limit.ts";

const options: z.ZodType<FunctionReference> = z.strictObject({
  name: z.string().min(1),
  index: z.int().min(0),
  source: z.string(),
  timeout: timeLimit,
});

const line = (longest: number) => {
  const error = `must be a text on one line, of 1 to ${longest} characters`;
  return z
    .string({ error })
    .min(1, error)
    .max(longest, error)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, error);
};
const time = z.iso.datetime({ offset: true, error: "must be a time with its zone, such as 2026-01-05T09:00:00Z" });
const keys = ["met", "seen", "since", "clearedBy", "clearsAt"];

/** What a function answers: what it saw, and of an unmet one who can clear it and when it clears by itself. */
export const functionAnswer = z.strictObject(
  {
    met: z.boolean({ error: "must be true or false" }),
    seen: line(500),
    since: time.optional(),
    clearedBy: line(200).optional(),
    clearsAt: time.optional(),
  },
  {
    error: ({ code, keys: unknown }) =>
      code === "unrecognized_keys"
        ? `has ${JSON.stringify(unknown?.[0])}, and there are ${keys.join(", ")}`
        : "must be a mapping",
  },
);
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
  verifies: true,
  timeLimit: ({ timeout }) => duration(timeout) + longestQueue,
  observe: async (subject, _state, reference, look): Promise<FunctionAnswer> => {
    const answer = await look.outside.functions.call(reference, functionContext(subject, look), look.signal);
    const parsed = functionAnswer.safeParse(answer);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const what = issue?.path.length ? issue.path.join(".") : "it";
    throw new OutsideError("function/answer", `${reference.name} gave no answer of a gate: ${what} ${issue?.message}`, {
      fix: 'Let it return { met: true or false, seen: "what it saw" }.',
    });
  },
  check: ({ met: isMet, seen, clearedBy, ...times }, { name }, now) => {
    if (isMet) return met(`${name}: ${seen}`);
    const why: Unmet = { clearedBy: clearedBy ?? `what ${name} looks for, when the next run asks it` };
    if (times.since !== undefined) why.since = timestamp(Date.parse(times.since));
    // A time that has passed has cleared nothing.
    const clearsAt = Date.parse(times.clearsAt ?? "");
    if (clearsAt > now) why.clearsAt = timestamp(clearsAt);
    return unmet(`${name}: ${seen}`, why);
  },
});

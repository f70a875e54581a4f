import { type EventName, eventNames, instant, lastingPattern, namePattern, timePattern } from "@glu/core";
import { z } from "zod";

// The file of events that `glu simulate` plays. What only the pipeline can tell, such as whether an app is declared, is
// told when the event is played.

const distance = lastingPattern.source;
const clock = timePattern.source;
const example = "2026-11-01T09:00:00Z or 2026-11-01T10:00[Europe/Berlin]";

/** What the clock of a place shows is looked up when it is played. */
const isInstant = (value: string): boolean => {
  if (value.endsWith("]")) return true;
  try {
    instant(value);
    return true;
  } catch {
    return false;
  }
};

const moment = z
  .string()
  .regex(new RegExp(clock), `must be a time with its zone, such as ${example}`)
  .refine(isInstant, `must be a time with its zone, such as ${example}`);
const lasting = z.string().regex(new RegExp(distance), "must be a duration longer than none, such as 30m, 2h or 1d");
const end = z
  .string()
  .regex(new RegExp(`${distance}|${clock}`), "must be a time with its zone or a duration, such as 2h")
  .refine((value) => lastingPattern.test(value) || isInstant(value), "must be a time with its zone or a duration")
  .describe("When it ends by itself: a time, or a duration from the event on. Without it: when somebody lifts it.");

const word = z.string().min(1, "must not be empty");
const name = z.string().regex(namePattern, "must be a name: a-z, 0-9 and '-'");
const names = z.union([name, z.array(name).min(1, "must not be empty")]);
const reason = word.describe("Why.");
const override = z
  .array(word)
  .describe("Gates that are passed though they are not met, where who asks may. Needs a reason.");
const actor = word.describe("Who asks. Default: simulation.").optional();
const version = word.describe("What people call it: the tag of its images. In quotes where YAML would read a number.");

const item = z.looseObject({ name: word, url: word.optional() }).describe("An item: a name, and what gates ask of it.");

const hold = { reason, until: end.optional(), actor };

/** What can happen, by its key. Adding a kind is an entry here and one in `play-event.ts`. */
export const kinds = {
  build: z
    .strictObject({
      app: name,
      version: version.optional(),
      branch: word.describe("Default: main, unless there is a tag.").optional(),
      tag: word.describe("The Git tag that is built.").optional(),
      event: z
        .enum(eventNames as readonly [EventName, ...EventName[]])
        .describe("Default: tag with a tag, else push.")
        .optional(),
      message: z.string().describe("The commit's message.").optional(),
      repository: word.describe("owner/name of the source. Default: the declared one.").optional(),
      vars: z.record(word, z.string()).describe("What else the artifact carries, for templates.").optional(),
      items: z.array(item).describe("What is attached to it, such as { name: tests, state: success }.").optional(),
      manifests: z
        .array(z.looseObject({ env: name }))
        .describe("The app's own manifests, such as { env: staging, policy: { event: push } }.")
        .optional(),
    })
    .describe("CI builds an artifact: { app: web, version: 1.1.0 }."),
  attach: z
    .strictObject({
      app: name,
      artifact: version.describe("A version that was built. Default: the latest.").optional(),
      item,
    })
    .describe("CI attaches an item to an artifact: { app: web, item: { name: tests, state: success } }."),
  promote: z
    .strictObject({
      app: names.describe("Default: all apps.").optional(),
      environment: names.describe("Default: where policies want it.").optional(),
      artifact: version.describe("latest, or a version that was built. Default: latest.").optional(),
      reason: reason.optional(),
      overwrite: z.boolean().describe("Overwrite values that were changed by hand.").optional(),
      override: override.optional(),
      set: z.boolean().describe("All or nothing.").optional(),
      actor,
    })
    .describe("Somebody promotes by hand: { app: web, environment: production }."),
  rollback: z
    .strictObject({
      app: names.describe("Default: all apps of the environment.").optional(),
      environment: names,
      to: word
        .describe("previous, a number of releases, healthy, a time or a duration, or a version. Default: previous.")
        .optional(),
      reason: reason.optional(),
      pin: z.boolean().describe("Whether it is pinned. Default: true.").optional(),
      until: end.optional(),
      override: override.optional(),
      overwrite: z.boolean().describe("Overwrite values that were changed by hand.").optional(),
      set: z.boolean().describe("All or nothing.").optional(),
      actor,
    })
    .describe("Somebody goes back: { app: web, environment: production, reason: … }."),
  pin: z
    .strictObject({ app: name, environment: name, artifact: version.optional(), ...hold })
    .describe("An environment of an app is held at an artifact: { app: web, environment: production, reason: … }."),
  unpin: z.strictObject({ app: name, environment: name, actor }).describe("A pin is lifted."),
  freeze: z
    .strictObject({ environment: name.describe("An environment, or all."), ...hold })
    .describe("Nothing is promoted into an environment: { environment: all, reason: … }."),
  unfreeze: z.strictObject({ environment: name, actor }).describe("A freeze is lifted."),
  merge: z
    .strictObject({ app: name, environment: name })
    .describe("Somebody merges the pull request of an app: { app: web, environment: production }."),
  close: z.strictObject({ app: name, environment: name }).describe("Somebody closes it without merging."),
  edit: z
    .strictObject({
      path: word.describe("Relative to the root of the config repository."),
      replace: word.describe("A text in the file; its first place is changed."),
      with: z.string().describe("What stands there then."),
    })
    .describe("Somebody changes a file of the config repository past Glu."),
  answer: z
    .strictObject({
      url: word,
      status: z.int().min(100).max(599).optional(),
      headers: z.record(word, z.string()).optional(),
      body: z.unknown().describe("Text, or what is sent as JSON.").optional(),
      down: z.literal(true).describe("It does not answer at all.").optional(),
    })
    .describe("What a server answers from now on: { url: https://…, status: 200 }."),
  command: z
    .strictObject({
      program: word.describe("The first word of the command."),
      code: z.int().min(0).max(255).describe("Its exit code. Default: 0.").optional(),
      output: z.string().optional(),
    })
    .describe("How a program ends from now on."),
  workflow: z
    .strictObject({
      file: z.string().describe('The workflow\'s file; "" for the pipeline of a GitLab project.'),
      state: z.enum(["waiting", "running", "succeeded", "failed"]),
    })
    .describe("How runs of a workflow go from now on."),
  team: z.strictObject({ name: word, members: z.array(word) }).describe("Who is in a team from now on."),
  check: z
    .strictObject({
      name: word,
      state: z.enum(["waiting", "running", "succeeded", "failed"]),
      on: z.enum(["source", "config"]).describe("Of artifacts, or of the config branch. Default: both.").optional(),
    })
    .describe("How a check stands on all commits from now on: { name: test, state: succeeded }."),
  approve: z
    .strictObject({
      user: word,
      environment: name.describe("Default: all.").optional(),
      rejected: z.literal(true).describe("It was rejected.").optional(),
    })
    .describe("Somebody has approved from now on: { user: ada, environment: production }."),
  authors: z.strictObject({ users: z.array(word) }).describe("Who wrote what is built, from now on."),
  variable: z.strictObject({ name: word, value: z.string() }).describe("A variable that the job has from now on."),
  reconcile: z.strictObject({}).describe("A run looks at everything: {}."),
} as const;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

type KindSchemas = { [K in Kind]: z.ZodOptional<(typeof kinds)[K]> };
const optional = Object.fromEntries(
  Object.entries(kinds).map(([kind, schema]) => [kind, schema.optional()]),
) as unknown as KindSchemas;

const event = z
  .strictObject({
    at: moment.describe("When: a time with its zone. Without at and after: at once.").optional(),
    after: lasting.describe("When: so long after the event before, such as 30m.").optional(),
    ...optional,
  })
  .check(({ value, issues }) => {
    const given = kindNames.filter((kind) => value[kind] !== undefined);
    if (given.length === 0) {
      issues.push({ code: "custom", input: value, message: `must say what happens: ${kindNames.join(", ")}` });
    }
    if (given.length > 1) {
      issues.push({ code: "custom", input: value, message: `must say one thing, not ${given.join(" and ")}` });
    }
    if (value.at !== undefined && value.after !== undefined) {
      issues.push({ code: "custom", input: value, message: "must have at or after, not both" });
    }
  })
  .meta({ oneOf: kindNames.map((kind) => ({ required: [kind] })), not: { required: ["at", "after"] } });

/** The file of events. */
export const eventsSchema = z.strictObject({
  version: z.literal(1).describe("The version of this format. Write version: 1."),
  start: moment.describe("When it begins, such as 2026-11-01T09:00:00Z."),
  reconcile: lasting.describe("How often a scheduled run looks at everything, such as 1h. Default: never.").optional(),
  end: lasting.describe("How long time goes on after the last event, such as 2d.").optional(),
  actor: word.describe("Who asks, unless the event says so. Default: simulation.").optional(),
  events: z.array(event).min(1, "must not be empty").describe("What happens, in its order."),
});

export type EventFile = z.output<typeof eventsSchema>;

type Given = EventFile["events"][number];

/** One thing that happens. */
export type SimulatedEvent = { [K in Kind]: { kind: K; options: NonNullable<Given[K]> } }[Kind];

/** What an entry of the file says that happens. */
export function eventOf(given: Given): SimulatedEvent {
  const kind = kindNames.find((one) => given[one] !== undefined);
  if (kind === undefined) throw new Error("an event without a kind: the file should have been refused");
  return { kind, options: given[kind] } as SimulatedEvent;
}

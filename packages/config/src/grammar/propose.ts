import type { ProposeOptions } from "@glu/core";
import { z } from "zod";
import { examples, text } from "./text.ts";

const fix = "Write the names as the forge has them, such as [ada, acme/releasers].";

const names = (description: string, example: string) =>
  z
    .array(
      text({
        description,
        pattern: /^[^\s,]+$/,
        check: (value) =>
          /^[^\s,]+$/.test(value) ? undefined : { message: "is not a name", code: "config/value", fix },
      }),
    )
    .describe(description)
    .register(examples, { example })
    .optional();

const label = text({
  description: "A label's name.",
  pattern: /^[^,\n]+$/,
  check: (value) =>
    /^[^,\n]+$/.test(value)
      ? undefined
      : { message: "is not a label", code: "config/value", fix: "Write its name, without a comma." },
});

const title = text({
  description: "Template of its title.",
  example: '"Deploy {{ app }} {{ label }} to {{ env }}"',
  pattern: /\S/,
  check: (value) =>
    /\S/.test(value)
      ? undefined
      : {
          message: "is empty",
          code: "config/value",
          fix: "Write a title, or leave it out: it is then made of what is promoted.",
        },
});

// A second marker would keep the next run from reading the first.
const body = text({
  description: "Template of its text, in Markdown. {{ plan }} stands for the plan.",
  example: '"Ticket: OPS-1\\n\\n{{ plan }}"',
  pattern: /^(?![\s\S]*glu:proposal)/,
  check: (value) =>
    value.includes("glu:proposal")
      ? {
          message: 'must not have "glu:proposal"',
          code: "config/value",
          fix: "Leave it out: Glu marks its proposals itself.",
        }
      : undefined,
});

const description = "Changes are proposed by a pull or merge request for each app, and not committed.";

/** `propose` of an environment: `true`, or how its proposals look. */
export const propose = z
  .union([
    z.literal(true),
    z.strictObject({
      draft: z.boolean().describe("Whether it is opened as a draft.").optional(),
      labels: z.array(label).describe("Labels that it gets.").register(examples, { example: "[release]" }).optional(),
      reviewers: names("Users and teams that are asked to review it.", "[ada, acme/releasers]"),
      assignees: names("Users that it is assigned to.", "[ada]"),
      "auto-merge": z
        .boolean()
        .describe("Whether the forge merges it by itself once all that it requires is met.")
        .optional(),
      title: title.optional(),
      body: body.optional(),
    }),
  ])
  .describe(description)
  .register(examples, { example: "true" })
  .transform((value): ProposeOptions => {
    if (value === true) return {};
    const { "auto-merge": autoMerge, ...rest } = value;
    return autoMerge === undefined ? rest : { ...rest, autoMerge };
  })
  .describe(description);

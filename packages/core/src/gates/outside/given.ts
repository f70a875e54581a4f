import { z } from "zod";
import type { Look } from "../gate.ts";
import { Unanswered } from "./unanswered.ts";

/** A variable of the job by its name. */
export const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable of the job")
  .describe("The variable of the job that holds it. Its value is masked.");

/** A text of the config, or one that must not stand there. */
export const given = z
  .union([
    z.string().describe("A text; {{ … }} stands for a value of the artifact."),
    z.strictObject({
      env: variable,
      prefix: z.string().optional().describe('What stands before it, such as "Bearer ".'),
    }),
  ])
  .describe("A text, or { env: NAME }: a variable of the job, such as a token.");

export type Given = z.infer<typeof given>;

/**
 * What a text of the config stands for.
 * @throws Unanswered with the code `none` when the job has no such variable; UserError `template/…`
 */
export function textOf(value: Given, look: Look, none: string): string {
  if (typeof value === "string") return look.render(value);
  const secret = look.outside.secret(value.env);
  if (secret !== undefined && secret !== "") return `${value.prefix ?? ""}${secret}`;
  throw new Unanswered(none, `the job has no variable ${value.env}`, `${value.env} in the job`);
}

/** The texts among them, in which templates may stand. */
export const textsOf = (values: Readonly<Record<string, Given>>): string[] =>
  Object.values(values).filter((value) => typeof value === "string");

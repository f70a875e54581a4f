import { eventNames, type Policy } from "@glu/core";
import { z } from "zod";
import { suggest } from "../source/nearest.ts";
import { oneOrMany, text } from "./text.ts";

const glob = text({
  description: "A glob such as main or release/**. A leading '!' excludes. Quote what begins with '!' or '*'.",
  pattern: /^!?[^!\r\n][^\r\n]*$/,
  check: (value) =>
    value === "" || value === "!" || value.startsWith("!!") || /[\r\n]/.test(value)
      ? { message: "is not a glob", code: "config/glob", fix: "Write a pattern such as main, release/** or !v*." }
      : undefined,
});

const event = text({
  description: `What the artifact was built for: ${eventNames.join(", ")}. A leading '!' excludes.`,
  pattern: new RegExp(`^!?(?:${eventNames.join("|")})$`),
  check: (value) => {
    const name = value.replace(/^!/, "");
    if ((eventNames as readonly string[]).includes(name)) return undefined;
    return { message: "is not an event", code: "config/unknown-event", fix: suggest(name, eventNames, "Events are") };
  },
});

const policy = z
  .strictObject({
    event: oneOrMany(event, "Events, any of which is enough.", "push").optional(),
    branch: oneOrMany(
      glob,
      "Branches as globs, any of which is enough. '*' stays within one part of a/b.",
      "main",
    ).optional(),
    tag: oneOrMany(glob, "Git tags as globs, any of which is enough.", '"v*"').optional(),
    message: oneOrMany(
      glob,
      "Globs over the first line of the commit message, any of which is enough.",
      '"release: *"',
    ).optional(),
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: "must have a key",
    params: { code: "config/empty-policy", fix: "Say which artifacts, such as { event: push, branch: main }." },
  })
  .transform((value) => value as Policy)
  .meta({ description: "Which artifacts: every key that is given must match.", minProperties: 1 });

/** One policy, or a list of which any is enough. */
export const policies = (description: string) => oneOrMany(policy, description, "{ event: push, branch: main }");

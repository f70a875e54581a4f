import type { BreakGlass, GateUse, Upstream } from "@glu/core";
import { z } from "zod";
import { nearest } from "../source/nearest.ts";
import { environmentReference } from "./names.ts";
import { notify } from "./notify.ts";
import { repositoryPlace, repositoryRef } from "./place.ts";
import { policies } from "./policy.ts";
import { propose } from "./propose.ts";
import { examples, text } from "./text.ts";
import { verify } from "./verify.ts";

const names = z.array(environmentReference).min(1, "must not be empty");

const upstreamDescription =
  "The environments upstream, such as staging or [a, b]: what is promoted must have been released there and not failed.";

const from = z
  .union([
    environmentReference,
    names.describe("Environments, all of which must have released it."),
    z
      .strictObject({
        all: names.describe("All of these must have released it.").optional(),
        any: names.describe("One of these must have released it.").optional(),
      })
      .refine((value) => Object.keys(value).length === 1, {
        error: "must have either all or any",
        params: { code: "config/value", fix: "Write { all: [a, b] } or { any: [a, b] }." },
      })
      .meta({ description: "All or any of several environments.", minProperties: 1, maxProperties: 1 }),
  ])
  .describe(upstreamDescription)
  .register(examples, { example: "staging" })
  .transform((value): { mode: Upstream["mode"]; environments: string[] } => {
    if (typeof value === "string") return { mode: "all", environments: [value] };
    if (Array.isArray(value)) return { mode: "all", environments: value };
    return value.any === undefined
      ? { mode: "all", environments: value.all ?? [] }
      : { mode: "any", environments: value.any };
  })
  .describe(upstreamDescription);

// `prodution` would quietly lose what protects production.
const tier = text({
  description: 'The tier, such as staging. "production" is the one that automation is held back from.',
  example: "production",
  pattern: /^[a-z0-9][a-z0-9-]*$/,
  check: (value) => {
    if (value === "production") return undefined;
    if (value === "prod" || value === "prd" || nearest(value, ["production"]).length > 0) {
      const fix = 'Did you mean "production"?';
      return { message: "is no tier that protects anything", code: "config/tier", fix };
    }
    if (/^[a-z0-9][a-z0-9-]*$/.test(value)) return undefined;
    const fix = "Use a-z, 0-9 and '-', such as staging.";
    return { message: "is not a tier", code: "config/tier", fix };
  },
});

const auto = z
  .enum(["newest", "upstream"])
  .describe(
    "What comes from upstream by itself: newest, the newest artifact that it released; upstream, what runs there now.",
  )
  .register(examples, { example: "newest" });

const strategy = z
  .enum(["commit", "pull-request"])
  .describe("How changes get there: commit, or pull-request, which is the same as propose: true.")
  .register(examples, { example: "pull-request" });

/** One entry under `environments`. */
export function environment(
  gate: z.ZodType<GateUse>,
  { verifying, breakGlass }: { verifying: z.ZodType<GateUse>; breakGlass: z.ZodType<BreakGlass[]> },
) {
  return z
    .strictObject({
      policy: policies("Which artifacts are promoted by themselves. Without it nothing is.").optional(),
      accept: policies("Which artifacts may be promoted at all. Without it every one.").optional(),
      from: from.optional(),
      auto: auto.optional(),
      set: z
        .boolean()
        .describe("Whether exactly what upstream runs moves there, all its apps together or none.")
        .register(examples, { example: "true" })
        .optional(),
      tier: tier.optional(),
      gates: z
        .array(gate)
        .describe("Conditions that must hold, each one key: [{ soak: 30m }].")
        .register(examples, { example: "[{ soak: 30m }]" })
        .optional(),
      "break-glass": breakGlass.optional(),
      verify: verify(verifying).optional(),
      propose: propose.optional(),
      strategy: strategy.optional(),
      notify: notify.optional(),
      repository: repositoryPlace.optional(),
      ref: repositoryRef.optional(),
    })
    .describe("An environment: a place where apps run.")
    .register(examples, { example: "{}" });
}

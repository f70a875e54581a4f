import { duration, type GateUse, lastingPattern, type Verification } from "@glu/core";
import { z } from "zod";
import { examples, text } from "./text.ts";

/** How long a release has, unless the config says otherwise. */
const usually = "15m";

const within = text({
  description: `How long a release has until all of it is met, such as 30m; what is not met then fails it. Default ${usually}.`,
  example: "30m",
  pattern: lastingPattern,
  check: (value) =>
    lastingPattern.test(value)
      ? undefined
      : { message: "is not a duration longer than none", code: "config/value", fix: "Write 90s, 30m, 2h or 1d." },
});

const onFailure = z
  .enum(["rollback", "hold", "notify"])
  .describe(
    "What follows when a release fails: rollback, it goes back to the last healthy one and is pinned there; hold, it goes no further; notify, people are told, and it may go further. Default hold.",
  )
  .register(examples, { example: "rollback" });

const description = "What must be seen of a release before it counts as good, such as { gates: [{ health: … }] }.";

/** `verify` of an environment. */
export function verify(gate: z.ZodType<GateUse>) {
  return z
    .strictObject({
      gates: z
        .array(gate)
        .min(1, "must not be empty")
        .describe("Gates that can tell of a release that it is good, each one key.")
        .register(examples, { example: "[{ http: { url: https://shop.example.org/healthz } }]" }),
      within: within.optional(),
      "on-failure": onFailure.optional(),
    })
    .describe(description)
    .register(examples, { example: "{ gates: [{ http: { url: https://shop.example.org/healthz } }] }" })
    .transform(({ gates, within: time = usually, "on-failure": follows = "hold" }): Verification => {
      return { gates, within: duration(time), onFailure: follows };
    })
    .describe(description);
}

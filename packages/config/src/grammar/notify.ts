import type { NotifyOptions } from "@glu/core";
import { z } from "zod";
import { examples, text } from "./text.ts";

const url = text({
  description: "Where the app can be reached there. Templates such as {{ app }} can stand in it.",
  example: '"https://{{ app }}.example.org"',
  pattern: /^https?:\/\/\S+/,
  check: (value) =>
    /^https?:\/\/\S/.test(value)
      ? undefined
      : { message: "is no address of a page", code: "config/value", fix: "Let it begin with https://." },
});

const name = text({
  description: "What the environment is called on the forge. Templates such as {{ app }} can stand in it.",
  example: '"{{ env }}/{{ app }}"',
  pattern: /^[^\n]+$/,
});

const success = z
  .enum(["verified", "committed"])
  .describe("When a deployment is a success: when it is verified, or as soon as it is committed.")
  .register(examples, { example: "committed" });

const deploymentDescription = "Releases are deployments on the forge: true, or how.";

const deployment = z
  .union([z.boolean(), z.strictObject({ url: url.optional(), name: name.optional(), success: success.optional() })])
  .describe(deploymentDescription)
  .register(examples, { example: "true" });

const description = "What people are told of releases there, on the forge.";

/** `notify` of an environment: by what people are told of releases. */
export const notify = z
  .strictObject({
    status: z
      .boolean()
      .describe("Whether the source commit is marked with glu/released/<environment>.")
      .register(examples, { example: "true" })
      .optional(),
    deployment: deployment.optional(),
    comment: z
      .boolean()
      .describe("Whether the pull requests by which the changes came are told where they run.")
      .register(examples, { example: "true" })
      .optional(),
  })
  .describe(description)
  .register(examples, { example: "{ deployment: true }" })
  .transform(({ status = false, deployment: shown = false, comment = false }): NotifyOptions => {
    const options = shown === true ? {} : shown;
    return {
      status,
      comment,
      deployment: options === false ? undefined : { ...options, success: options.success ?? "verified" },
    };
  })
  .describe(description);

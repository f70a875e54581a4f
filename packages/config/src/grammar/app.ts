import { namePattern } from "@glu/core";
import { z } from "zod";
import { preview } from "./app-preview.ts";
import { discoveryPattern } from "./discover.ts";
import { image, withoutApp } from "./image.ts";
import { environmentReference } from "./names.ts";
import { sources } from "./source.ts";
import { examples, oneOrMany, text } from "./text.ts";
import type { WriteEntry } from "./write.ts";

const source = text({
  description: "The app's source repository as the artifact names it: owner/name. {{ app }} may stand in it.",
  example: "acme/frontend",
  pattern: /^[^/]+(?:\/[^/]+)+$/,
  check: (value) =>
    /^[A-Za-z0-9_.][\w.-]*(?:\/[A-Za-z0-9_.][\w.-]*)+$/.test(withoutApp(value))
      ? undefined
      : { message: "is not a repository", code: "config/repository", fix: "Write owner/name." },
});

const imageKey = text({
  description: "What templates call the image: {{ images.web.tag }}.",
  pattern: namePattern,
  check: (value) =>
    namePattern.test(value)
      ? undefined
      : {
          message: "is not an image's key",
          code: "config/image",
          fix: "Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last, such as web.",
        },
});

/** What `defaults`, a glob and an app can each say. */
function settings(write: z.ZodType<WriteEntry>) {
  return {
    repository: source.optional(),
    images: z
      .record(imageKey, image)
      .describe("The images the app consists of: key to name. Keys of several layers are merged.")
      .register(examples, { example: "{ web: ghcr.io/acme/frontend }" })
      .optional(),
    environments: z
      .array(environmentReference)
      .min(1, "must not be empty")
      .describe("The environments the app goes through. Without it all.")
      .register(examples, { example: "[staging, production]" })
      .optional(),
    manifests: z
      .strictObject({
        allow: oneOrMany(
          environmentReference,
          "Environments in which the manifests count that the app's artifacts carry.",
          "[staging]",
        ),
      })
      .describe("Whether the app's own manifests count. Without it they do nowhere.")
      .register(examples, { example: "{ allow: [staging] }" })
      .optional(),
    preview: preview.optional(),
    sources: sources.optional(),
    write: z
      .array(write)
      .min(1, "must not be empty")
      .describe("What a promotion writes. It replaces what a more general layer says.")
      .register(examples, {
        example: "[{ yaml: 'apps/{{ app }}/{{ env }}.yaml', set: { image.tag: '{{ images.web.tag }}' } }]",
      })
      .optional(),
  };
}

export function defaults(write: z.ZodType<WriteEntry>) {
  return z
    .strictObject(settings(write))
    .describe("For every app, unless a glob or the app says otherwise.")
    .register(examples, { example: "{ repository: 'acme/{{ app }}' }" });
}

export function app(write: z.ZodType<WriteEntry>) {
  return z
    .union([z.strictObject(settings(write)), z.null()])
    .describe("An app, or with glob characters in the key defaults for the apps whose names match.");
}

export const discover = discoveryPattern;

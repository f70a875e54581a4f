import { duration, lastingPattern, type Previews, type RefName, repoPath, usualPreviews } from "@glu/core";
import { z } from "zod";
import { withoutApp } from "./image.ts";
import { repositoryPlace, repositoryRef } from "./place.ts";
import { examples, text, tried } from "./text.ts";

const lasting = (description: string, example: string) =>
  text({
    description,
    example,
    pattern: lastingPattern,
    check: (value) =>
      lastingPattern.test(value)
        ? undefined
        : { message: "is not a duration longer than none", code: "config/value", fix: "Write 12h, 3d or 2w." },
  });

/** A path inside a repository. */
export const folder = (description: string, example: string) =>
  text({
    description,
    example,
    pattern: /^(?!\/)[^\\]+$/,
    check: (value) => tried(() => repoPath(withoutApp(value)), "is not a folder inside the repository"),
  });

export const host = text({
  description:
    "Template of the host of each preview. Names in it are shortened, with a hash, until it fits. Without it a preview has none.",
  example: '"{{ preview.name }}.preview.example.com"',
  pattern: /\S/,
});

export const health = text({
  description:
    "Template of the address that answers with 2xx when the preview is healthy: what wait asks. Without it nothing is asked.",
  example: '"https://{{ preview.host }}/healthz"',
  pattern: /\S/,
});

const most = (description: string) => z.int().positive().max(100_000).describe(description);

const description = "Previews of pull requests: where they are, how long, and how many.";

/** `previews`, at the top: for the previews of all apps. */
export const previews = z
  .strictObject({
    repository: repositoryPlace.optional(),
    ref: repositoryRef.optional(),
    folder: folder("The folder that the files of previews are written to. Default previews.", "previews").optional(),
    host: host.optional(),
    url: text({
      description: "Template of the address where people find it. Default https:// and the host.",
      example: '"https://{{ preview.host }}/login"',
      pattern: /\S/,
    }).optional(),
    health: health.optional(),
    links: z
      .record(
        z
          .string()
          .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u)
          .describe("What people call it, such as Logs."),
        text({ description: "Template of an address.", pattern: /\S/ }),
      )
      .describe("Templates of further addresses of each preview, such as of its logs and metrics.")
      .register(examples, { example: '{ Logs: "https://logs.example.com/?namespace={{ preview.namespace }}" }' })
      .optional(),
    comment: z
      .boolean()
      .describe("Whether the pull request has a comment that says where its previews are. Default true.")
      .optional(),
    deployments: z
      .boolean()
      .describe("Whether GitHub shows previews as deployments, in one environment. Default true.")
      .optional(),
    idle: lasting("How long a preview stays after the last event of its pull request. Default 3d.", "3d").optional(),
    "max-age": lasting("How long a preview stays at most. Default 30d.", "30d").optional(),
    limit: most("How many there may be at once. Without it as many as there are.").optional(),
    "limit-per-author": most("How many there may be at once of the pull requests of one author.").optional(),
    "on-limit": z
      .enum(["fail", "evict-idle"])
      .describe(
        "When there are as many: fail, no more is made; evict-idle, the one that was idle longest goes. Default fail.",
      )
      .optional(),
    when: z
      .enum(["always", "label"])
      .describe("always: every pull request gets one; label: those with the label. Default always.")
      .optional(),
    label: text({
      description:
        "The label by which somebody asks for a preview, or vouches for a commit of a fork. Default preview.",
      example: "preview",
      pattern: /^[^,\n]+$/,
    }).optional(),
    forks: z
      .enum(["label", "never"])
      .describe(
        "Pull requests from forks: label, a commit gets a preview when the label is put on while it is at the head; never. Default label.",
      )
      .optional(),
  })
  .describe(description)
  .register(examples, { example: '{ host: "{{ preview.name }}.preview.example.com" }' })
  .transform((value): Previews => {
    const { repository, ref, folder: at, host: hosts, url, links, comment, idle, "max-age": age, limit } = value;
    const { health: asked, deployments } = value;
    const { "limit-per-author": limitPerAuthor, "on-limit": onLimit, when, label, forks } = value;
    const usual = usualPreviews;
    return {
      ...{ repository, ref: ref as RefName | undefined, host: hosts, url, limit, limitPerAuthor },
      links: links ?? usual.links,
      health: asked,
      comment: comment ?? usual.comment,
      deployments: deployments ?? usual.deployments,
      folder: at === undefined ? usual.folder : repoPath(at),
      idle: idle === undefined ? usual.idle : duration(idle),
      maxAge: age === undefined ? usual.maxAge : duration(age),
      onLimit: onLimit ?? usual.onLimit,
      when: when ?? usual.when,
      label: label ?? usual.label,
      forks: forks ?? usual.forks,
    };
  })
  .describe(description);

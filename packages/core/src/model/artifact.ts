import { z } from "zod";
import { eventNames } from "./event-names.ts";
import { namePattern } from "./names.ts";

/**
 * The release artifact: the immutable record CI makes of one releasable version. Field names are GimletD's
 * (`id`, `version`, `context`, `environments`, `items`, `vars`); ours are `schema`, `app`, `images`, `run`,
 * `committedAt`, `firstCommitAt`, `trace`, `importedId`.
 */
export const artifactSchemaId = "glu.artifact.v1";

const text = z.string().max(65_536);
const line = z
  .string()
  .max(4096)
  .regex(/^[^\r\n\0]*$/, "must be one line");
const name = z.string().regex(namePattern);
const time = z.iso.datetime();
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Where the version comes from. `sha` is the source commit; on a pull request the head's, not the merge's. */
export const versionSchema = z.strictObject({
  repositoryName: line.min(1),
  sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  branch: line.default(""),
  event: z.enum(eventNames),
  sourceBranch: line.optional(),
  targetBranch: line.optional(),
  tag: line.optional(),
  authorName: line.optional(),
  authorEmail: line.optional(),
  committerName: line.optional(),
  committerEmail: line.optional(),
  message: text.optional(),
  url: line.optional(),
});

/** What deploys an image: `name:tag@digest`, or `name@digest` without a tag. */
export function imageRef({ name, tag, digest }: { name: string; tag?: string | undefined; digest: string }): string {
  return `${name}${tag === undefined ? "" : `:${tag}`}@${digest}`;
}

/** An image of the artifact. Gates look at its name, and `ref` is what deploys: it says the same, or it is refused. */
export const imageSchema = z
  .strictObject({
    name: line.regex(/^[^@\s]+$/, "must be a name without digest"),
    // The grammar of the OCI distribution specification: no other tag could be told from a name or digest in `ref`.
    tag: line.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a tag").optional(),
    digest: digestSchema,
    ref: line
      .min(1)
      .describe("What deploys: name, ':' and tag where there is one, '@' and digest, as they stand here."),
  })
  .refine((image) => image.ref === imageRef(image), {
    path: ["ref"],
    error: "must be name, tag and digest as they stand beside it: name:tag@digest",
  });

/** Something CI attached: a test report, an SBOM, a scan. Anything beside `name` is the item's own. */
export const itemSchema = z.looseObject({ name: line.min(1), url: line.optional() });

/** An app-owned manifest, as in GimletD's `.gimlet/*.yaml`. */
export const manifestSchema = z.looseObject({
  app: name,
  env: name,
  namespace: line.optional(),
  chart: z.looseObject({ name: line, repository: line.optional(), version: line.optional() }).optional(),
  values: z.record(z.string(), z.unknown()).optional(),
});

/** The CI run that made it. `number` orders runs of one `workflow` and is unchanged by a re-run; `attempt` is not. */
export const runSchema = z.strictObject({
  host: line,
  id: line.optional(),
  number: z.number().int().nonnegative().optional(),
  attempt: z.number().int().positive().optional(),
  workflow: line.optional(),
  url: line.optional(),
});

export const traceSchema = z.strictObject({
  /** W3C trace context, `00-<trace>-<span>-01`. */
  traceparent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
  /** The CDEvents chain id: the trace id as a UUID. */
  chainId: z.uuid(),
});

export const artifactSchema = z.strictObject({
  schema: z.literal(artifactSchemaId),
  id: z.string().regex(/^\d{8}t\d{6}z-[0-9a-f]{12}$/),
  app: name,
  created: time,
  version: versionSchema,
  /** Committer time of `version.sha`. */
  committedAt: time,
  /** Committer time of the first commit that is new in it, for lead time. */
  firstCommitAt: time.optional(),
  images: z.record(name, imageSchema).default({}),
  context: z.record(z.string(), z.string()).default({}),
  environments: z.array(manifestSchema).default([]),
  items: z.array(itemSchema).default([]),
  vars: z.record(z.string(), z.string()).default({}),
  run: runSchema.optional(),
  trace: traceSchema.optional(),
  importedId: line.optional(),
  signatures: z.array(z.unknown()).optional(),
});

export type Version = z.infer<typeof versionSchema>;
export type Image = z.infer<typeof imageSchema>;
export type Item = z.infer<typeof itemSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type Run = z.infer<typeof runSchema>;
export type Trace = z.infer<typeof traceSchema>;
export type Artifact = z.infer<typeof artifactSchema>;

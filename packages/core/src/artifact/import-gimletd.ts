import { z } from "zod";
import { UserError } from "../errors.ts";
import {
  type Artifact,
  artifactSchema,
  artifactSchemaId,
  type Item,
  type Manifest,
  manifestSchema,
} from "../model/artifact.ts";
import { eventNames } from "../model/event-names.ts";
import { namePattern, timestamp } from "../model/names.ts";
import { type ArtifactContent, identify } from "./digest.ts";

/** Seconds since the epoch, up to the year 9999: what an id can say. Milliseconds would be far beyond. */
const seconds = z
  .number()
  .min(0, "must be seconds since 1970")
  .max(253_402_300_799, "must be seconds since 1970, not milliseconds, and not beyond the year 9999");

/** A manifest before its `app` is known: GimletD takes any text, and templates. */
const looseManifest = z.looseObject({ app: z.string(), env: z.string() });

/** An artifact as GimletD stored it: times are seconds since the epoch, items are free maps. */
const gimletdSchema = z.looseObject({
  id: z.string(),
  created: seconds.optional(),
  version: z.looseObject({
    repositoryName: z.string(),
    sha: z.string(),
    created: seconds.optional(),
    event: z.enum(eventNames, { error: "an unknown event is not taken for a push" }).default("push"),
  }),
  context: z.record(z.string(), z.string()).nullish(),
  environments: z.array(looseManifest).nullish(),
  items: z.array(z.record(z.string(), z.unknown())).nullish(),
});

/** Whether a value is an artifact of GimletD rather than one of ours. */
export function isGimletdArtifact(value: unknown): boolean {
  return typeof value === "object" && value !== null && "version" in value && !("schema" in value);
}

/**
 * A GimletD artifact, or a list of them, as one artifact per app in its `environments`, the old id in `importedId`. The
 * strings of its items become `vars`, as GimletD resolves them, also in the name of an app. Its `context` is the whole
 * environment of a CI job, tokens included: only what `keepVariable` allows is taken over.
 * @throws UserError `artifact/malformed`, `artifact/no-app`
 */
export function importGimletd(value: unknown, keepVariable: (name: string) => boolean): Artifact[] {
  const all = Array.isArray(value) ? value : [value];
  if (all.length === 0) throw malformed("It is an empty list", "");
  return all.flatMap((one: unknown) => importOne(one, keepVariable));
}

function importOne(value: unknown, keepVariable: (name: string) => boolean): Artifact[] {
  const parsed = gimletdSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw malformed(`${path || "the document"}: ${issue?.message}`, path);
  }
  const { id, version, items, environments, context } = parsed.data;
  const { created: committed, ...facts } = version;
  const time = committed ?? parsed.data.created;
  if (time === undefined) {
    throw new UserError("artifact/malformed", `The artifact ${id} of GimletD has no time.`, {
      seen: id,
      fix: "Give one with 'created'.",
    });
  }
  const vars = stringsOf(items ?? []);
  const apps = new Map<string, Manifest[]>();
  (environments ?? []).forEach((loose, index) => {
    const manifest = readManifest(loose, vars, `environments.${index}`, id);
    apps.set(manifest.app, [...(apps.get(manifest.app) ?? []), manifest]);
  });
  if (apps.size === 0) {
    throw new UserError("artifact/no-app", `The artifact ${id} of GimletD names no app in its environments.`, {
      seen: id,
      fix: "Only artifacts with environments can be imported: each of their apps becomes an artifact.",
    });
  }
  const named = (items ?? []).map(
    (item, index): Item => ({ ...item, name: typeof item.name === "string" ? item.name : `item-${index + 1}` }),
  );
  return [...apps].map(([app, manifests]) => {
    const content = {
      schema: artifactSchemaId,
      app,
      created: timestamp((parsed.data.created ?? time) * 1000),
      version: { branch: "", ...withoutEmpty(facts) },
      committedAt: timestamp(time * 1000),
      images: {},
      context: Object.fromEntries(Object.entries(context ?? {}).filter(([name]) => keepVariable(name))),
      environments: manifests,
      items: named,
      vars,
      importedId: id,
    };
    const { artifact } = identify(content as ArtifactContent);
    const valid = artifactSchema.safeParse(artifact);
    if (valid.success) return artifact;
    const [issue] = valid.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw malformed(`${path} of ${id} fits no artifact of Glu: ${issue?.message}`, path);
  });
}

/** The manifest with its app's template filled in, and its names checked: GimletD allows names that Glu does not. */
function readManifest(
  loose: z.infer<typeof looseManifest>,
  vars: Readonly<Record<string, string>>,
  path: string,
  id: string,
): Manifest {
  const app = loose.app.replace(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (whole, name: string) => vars[name] ?? whole);
  for (const [key, name] of Object.entries({ app, env: loose.env })) {
    if (namePattern.test(name)) continue;
    const why = name.includes("{{")
      ? "is a template that its items do not fill in"
      : "is a name that Glu does not allow: 1 to 63 of a-z, 0-9 and '-', a letter or digit first and last";
    throw new UserError(
      "artifact/malformed",
      `${path}.${key} of the artifact ${id}, ${JSON.stringify(name)}, ${why}.`,
      {
        seen: name,
        fix: "Write the name that it has in Glu into the file, then import that.",
      },
    );
  }
  const parsed = manifestSchema.safeParse({ ...loose, app });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(`${[path, ...(issue?.path ?? [])].join(".")} of ${id}: ${issue?.message}`, path);
}

function malformed(why: string, seen: string): UserError {
  return new UserError("artifact/malformed", `This is not an artifact of GimletD: ${why}.`, {
    seen,
    fix: "Give the JSON that 'gimlet artifact list -o json' prints, or one artifact of it.",
  });
}

function stringsOf(items: readonly Record<string, unknown>[]): Record<string, string> {
  const entries = items.flatMap((item) => Object.entries(item));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function withoutEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== "" && one !== null)) as T;
}

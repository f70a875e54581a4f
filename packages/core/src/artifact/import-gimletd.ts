import { z } from "zod";
import { UserError } from "../errors.ts";
import {
  type Artifact,
  artifactSchemaId,
  eventNames,
  type Item,
  type Manifest,
  manifestSchema,
} from "../model/artifact.ts";
import { timestamp } from "../model/names.ts";
import { type ArtifactContent, identify } from "./digest.ts";

/** An artifact as GimletD stored it: times are seconds since the epoch, items are free maps. */
const gimletdSchema = z.looseObject({
  id: z.string(),
  created: z.number().optional(),
  version: z.looseObject({
    repositoryName: z.string(),
    sha: z.string(),
    created: z.number().optional(),
    event: z.enum(eventNames, { error: "an unknown event is not taken for a push" }).default("push"),
  }),
  context: z.record(z.string(), z.string()).nullish(),
  environments: z.array(manifestSchema).nullish(),
  items: z.array(z.record(z.string(), z.unknown())).nullish(),
});

/** Whether a value is an artifact of GimletD rather than one of ours. */
export function isGimletdArtifact(value: unknown): boolean {
  return typeof value === "object" && value !== null && "version" in value && !("schema" in value);
}

/**
 * A GimletD artifact as one artifact per app in its `environments`, the old id in `importedId`. The strings of its
 * items become `vars`, as GimletD resolves them. Its `context` is the whole environment of a CI job, tokens included:
 * only what `keepVariable` allows is taken over.
 * @throws UserError `artifact/malformed`
 */
export function importGimletd(value: unknown, keepVariable: (name: string) => boolean): Artifact[] {
  const parsed = gimletdSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      "artifact/malformed",
      `This is not an artifact of GimletD: ${issue?.path.join(".")}: ${issue?.message}.`,
      {
        seen: issue?.path.join("."),
        fix: "Give the JSON that 'gimlet artifact list -o json' prints for one artifact.",
      },
    );
  }
  const { id, version, items, environments, context } = parsed.data;
  const { created: committed, ...facts } = version;
  const seconds = committed ?? parsed.data.created;
  if (seconds === undefined) {
    throw new UserError("artifact/malformed", "This artifact of GimletD has no time.", {
      fix: "Give one with 'created'.",
    });
  }
  const apps = new Map<string, Manifest[]>();
  for (const manifest of environments ?? []) apps.set(manifest.app, [...(apps.get(manifest.app) ?? []), manifest]);
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
      created: timestamp((parsed.data.created ?? seconds) * 1000),
      version: { branch: "", ...withoutEmpty(facts) },
      committedAt: timestamp(seconds * 1000),
      images: {},
      context: Object.fromEntries(Object.entries(context ?? {}).filter(([name]) => keepVariable(name))),
      environments: manifests,
      items: named,
      vars: stringsOf(items ?? []),
      importedId: id,
    };
    return identify(content as ArtifactContent).artifact;
  });
}

function stringsOf(items: readonly Record<string, unknown>[]): Record<string, string> {
  const entries = items.flatMap((item) => Object.entries(item));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function withoutEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== "" && one !== null)) as T;
}

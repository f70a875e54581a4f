import { identify } from "../artifact/digest.ts";
import { GluError } from "../errors.ts";
import { type Artifact, artifactSchema, artifactSchemaId, type Image, imageRef } from "../model/artifact.ts";
import { type RequestId, type Sha, shortRef, type Timestamp } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { Registry } from "../ports/registry.ts";
import type { Fact } from "./marks.ts";
import { nameOf } from "./read-back.ts";

/** What a made artifact says of itself. */
export interface Maker {
  registry: Registry;
  /** The repository that the files are in. */
  location: string;
  tip: Pick<Snapshot, "commit" | "branch" | "committedAt">;
  request: RequestId;
}

export type Made = { kind: "made"; artifact: Artifact } | { kind: "unmade"; why: string; fix: string };

/**
 * An artifact of what files say. Its source is the commit of the config repository that says it: no build is known.
 * So it is not one of the declared source, and its message carries the request, as Glu's own commits do: nothing
 * promotes it further by itself. A tag without a digest is asked for in the registry.
 */
export async function makeArtifact(
  app: App,
  facts: ReadonlyMap<string, { fact: Fact; value: string }>,
  { registry, location, tip, request }: Maker,
): Promise<Made> {
  const read = (fact: Fact): string | undefined => facts.get(nameOf(fact))?.value;
  const images: Record<string, Image> = {};
  for (const [image, name] of Object.entries(app.images)) {
    const [tag, told] = [read({ of: "tag", image }), read({ of: "digest", image })];
    if (tag === undefined && told === undefined) continue;
    try {
      const digest = told ?? (await registry.resolve(name, tag ?? ""));
      const made = { name, ...(tag === undefined ? {} : { tag }), digest };
      images[image] = { ...made, ref: imageRef(made) };
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      const why = `the files have no digest of ${name}:${tag}, and the registry does not tell it: ${error.message}`;
      return { kind: "unmade", why, fix: error.fix ?? "Write the digest beside the tag, or let the registry be read." };
    }
  }
  const vars = Object.fromEntries(
    [...facts.values()].flatMap(({ fact, value }) => (fact.of === "var" ? [[fact.name, value]] : [])),
  );
  if (Object.keys(images).length === 0 && Object.keys(vars).length === 0 && read({ of: "sha" }) === undefined) {
    return { kind: "unmade", why: "the files name no image", fix: "Build an artifact and promote it." };
  }
  const versionTag = read({ of: "version-tag" });
  const { artifact } = identify({
    schema: artifactSchemaId,
    app: app.name,
    created: tip.committedAt satisfies Timestamp,
    committedAt: tip.committedAt,
    version: {
      repositoryName: location,
      sha: read({ of: "sha" }) ?? (tip.commit satisfies Sha),
      branch: shortRef(tip.branch),
      event: "manual",
      ...(versionTag === undefined ? {} : { tag: versionTag }),
      message: `Adopted: what the files of ${app.name} said\n\nGlu-Request: ${request}`,
    },
    images,
    context: {},
    environments: [],
    items: [],
    vars,
  });
  const parsed = artifactSchema.safeParse(artifact);
  if (parsed.success) return { kind: "made", artifact };
  const issue = parsed.error.issues[0];
  const why = `what the files say fits no artifact: ${issue?.path.join(".")}: ${issue?.message}`;
  return { kind: "unmade", why, fix: "Promote an artifact that was built." };
}

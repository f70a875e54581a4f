import { OutsideError } from "../errors.ts";
import { imageRef } from "../model/artifact.ts";
import type { Digest } from "../model/names.ts";
import type { OciPart } from "../model/source.ts";
import type { ImageCatalog } from "../ports/source-ports.ts";
import type { Listed, SourceKind } from "./kind.ts";
import { latest } from "./times.ts";

const saysNothing =
  "do not say of which commit they were built, so that nobody knows whether the set belongs together; label images with org.opencontainers.image.revision";

const imagesOf = ({ image, set }: OciPart): string[] => [image, ...set];

/** Tags of an image, or of several that belong together. */
export const oci: SourceKind<OciPart> = {
  kind: "oci",

  async list(part, { images }) {
    // One name needs no list of all.
    if (part.order.kind === "name") return [{ name: part.order.name }];
    const lists = imagesOf(part).map(async (image) => ({ image, tags: new Set(await images.tags(image)) }));
    return sideBySide(await Promise.all(lists));
  },

  async pin(part, { name: tag }, { images }) {
    const digests = await Promise.all(imagesOf(part).map((name) => resolved(images, name, tag)));
    const missing = imagesOf(part).filter((_, at) => digests[at] === undefined);
    if (missing.length > 0) return { missing };
    return { pinned: Object.fromEntries(imagesOf(part).map((name, at) => [name, digests[at] ?? ""])) };
  },

  async read(part, { name: tag }, pinned, { app, ports }) {
    const names = imagesOf(part);
    const facts = await Promise.all(names.map((name) => ports.images.facts(name, pinned[name] as Digest)));
    const revisions = new Set(facts.flatMap(({ revision }) => commitId(revision) ?? []));
    const moves = part.order.kind === "name";
    // Of a moving tag all have the tag always: which ones belong together is what the images say.
    const silent = names.filter((_, at) => commitId(facts[at]?.revision) === undefined);
    if (moves && names.length > 1 && silent.length > 0)
      return { apart: `the images ${silent.join(" and ")} ${saysNothing}` };
    if (moves && revisions.size > 1) {
      const built = names.map((name, at) => `${name} of ${facts[at]?.revision?.slice(0, 7)}`);
      return { apart: `it was built of different commits, ${built.join(", ")}; it counts when the last one is pushed` };
    }
    const [first = part.image] = names;
    const [revision] = revisions;
    const times = facts.flatMap(({ createdAt }) => createdAt ?? []);
    return {
      version: {
        // An image that does not say what it was built from is known by its digest.
        sha: revisions.size === 1 && revision !== undefined ? revision : (pinned[first] ?? "").slice("sha256:".length),
        ...(moves ? { event: "push" as const, branch: tag } : { event: "tag" as const, tag }),
      },
      committedAt: latest(times),
      images: Object.fromEntries(
        names.map((name) => {
          const digest = pinned[name] as Digest;
          return [keyOf(app.images, name), { name, tag, digest, ref: imageRef({ name, tag, digest }) }];
        }),
      ),
    };
  },
};

/** The tags of all images of a set, and which images do not have them: a tag counts when all have it. */
export function sideBySide(lists: readonly { image: string; tags: ReadonlySet<string> }[]): Listed[] {
  const all = new Set(lists.flatMap(({ tags }) => [...tags]));
  return [...all].map((name) => {
    const missing = lists.filter(({ tags }) => !tags.has(name)).map(({ image }) => image);
    return missing.length === 0 ? { name } : { name, missing };
  });
}

/** The digest of a tag; undefined when the image does not have it (any more). */
async function resolved(images: ImageCatalog, name: string, tag: string): Promise<Digest | undefined> {
  try {
    return await images.resolve(name, tag);
  } catch (error) {
    if (error instanceof OutsideError && error.code === "registry/not-found") return undefined;
    throw error;
  }
}

function commitId(text: string | undefined): string | undefined {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}

/** The config is only valid when every image of a source is declared. */
function keyOf(declared: Readonly<Record<string, string>>, name: string): string {
  const key = Object.entries(declared).find(([, image]) => image === name)?.[0];
  if (key === undefined) throw new Error(`the image ${name} of a source is not declared`);
  return key;
}

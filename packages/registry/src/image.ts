import type { Image, Registry } from "@glu/core";
import type { ImageReference } from "./reference.ts";

/**
 * The artifact's record of an image. A tag without a digest is looked up; a digest that was given is taken as it is,
 * so that a build needs no access to the registry.
 * @throws what {@link Registry.resolve} throws.
 */
export async function resolveImage(image: ImageReference, registry: Registry): Promise<Image> {
  const digest = image.digest ?? (await registry.resolve(image.name, image.tag ?? "latest"));
  const tagged = image.tag === undefined ? image.name : `${image.name}:${image.tag}`;
  return {
    name: image.name,
    digest,
    ref: `${tagged}@${digest}`,
    ...(image.tag === undefined ? {} : { tag: image.tag }),
  };
}

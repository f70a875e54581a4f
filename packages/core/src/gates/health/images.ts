import type { Image } from "../../model/artifact.ts";

interface Reference {
  name: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** `name`, `name:tag`, `name@digest`, `name:tag@digest`. Short names are those of Docker Hub. */
function parseReference(text: string): Reference {
  const [front = "", digest] = text.split("@", 2);
  const colon = front.indexOf(":", front.lastIndexOf("/") + 1);
  const name = colon < 0 ? front : front.slice(0, colon);
  return { name: fullName(name), tag: colon < 0 ? undefined : front.slice(colon + 1), digest };
}

function fullName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  if (first === "index.docker.io") return fullName(["docker.io", ...rest].join("/"));
  if (first === "docker.io") return rest.length === 1 ? `docker.io/library/${rest[0]}` : name;
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  return isHost ? name : `docker.io/${rest.length === 0 ? "library/" : ""}${name}`;
}

/** A digest says which image it is, under whatever name; a tag does so with its name. */
function isImage(text: string, image: Image): boolean {
  const { name, tag, digest } = parseReference(text);
  if (digest !== undefined) return digest === image.digest;
  return tag !== undefined && tag === image.tag && name === fullName(image.name);
}

/** Whether another version of one of these images is among references: one that comes, or has not gone yet. */
export const hasOthers = (references: readonly string[], images: readonly Image[]): boolean =>
  references.some((one) =>
    images.some((image) => parseReference(one).name === fullName(image.name) && !isImage(one, image)),
  );

/**
 * Whether the images of an artifact are among references: `live`, all of them that are named there at all; `other`, one is
 * named there as another version only; `none`, no reference is of any of them.
 */
export function imagesAmong(references: readonly string[], images: readonly Image[]): "live" | "other" | "none" {
  const isThere = (image: Image) => references.some((one) => isImage(one, image));
  const isNamed = (image: Image) => references.some((one) => parseReference(one).name === fullName(image.name));
  const named = images.filter((image) => isThere(image) || isNamed(image));
  if (named.length === 0) return "none";
  return named.every(isThere) ? "live" : "other";
}

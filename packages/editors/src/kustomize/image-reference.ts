import { refuse } from "../refusal.ts";

/** A container image: `name[:tag][@digest]`. */
export interface ImageReference {
  /** With the registry's host and port, without tag: `localhost:5000/acme/web`. */
  name: string;
  tag?: string;
  /** `sha256:…` */
  digest?: string;
}

// The grammar of https://pkg.go.dev/github.com/distribution/reference
const alphanumeric = "[a-z0-9]+";
const separator = "(?:\\.|_{1,2}|-+)";
const component = `${alphanumeric}(?:${separator}${alphanumeric})*`;
const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const name = `(?:${host}/)?${component}(?:/${component})*`;
const tag = "\\w[\\w.-]{0,127}";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const reference = new RegExp(`^(${name})(?::(${tag}))?(?:@(${digest}))?$`);

/** Reads an image reference. Refuses with `edit/image` what has another form. */
export function parseImageReference(text: string): ImageReference {
  const [, found, foundTag, foundDigest] = reference.exec(text) ?? [];
  if (found === undefined || found.length > 255) {
    return refuse("edit/image", `${JSON.stringify(text)} is not an image reference.`, {
      fix: "Give name:tag, name@digest or name:tag@digest, such as ghcr.io/acme/web:1.2.",
    });
  }
  return {
    name: found,
    ...(foundTag === undefined ? {} : { tag: foundTag }),
    ...(foundDigest === undefined ? {} : { digest: foundDigest }),
  };
}

/** The text of a reference; `parseImageReference` reads it back. */
export function formatImageReference(image: ImageReference): string {
  const withTag = image.tag === undefined ? image.name : `${image.name}:${image.tag}`;
  return image.digest === undefined ? withTag : `${withTag}@${image.digest}`;
}

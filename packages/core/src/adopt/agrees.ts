import type { Artifact } from "../model/artifact.ts";

/**
 * Whether a value in a file is what an artifact would write there, or another reference to the same image: without its
 * digest, its tag, or both.
 */
export function agrees(found: string, would: string | undefined, { images }: Pick<Artifact, "images">): boolean {
  if (would === undefined) return false;
  let texts = [would];
  for (const { name, tag, digest, ref } of Object.values(images)) {
    const written = [ref, `${name}@${digest}`];
    const references = [...written, ...(tag === undefined ? [] : [`${name}:${tag}`]), name];
    texts = texts.flatMap((text) => {
      const as = written.find((one) => text.includes(one));
      return as === undefined ? [text] : references.map((one) => text.split(as).join(one));
    });
    // More images in one value than anybody writes there.
    if (texts.length > 256) break;
  }
  return texts.includes(found);
}

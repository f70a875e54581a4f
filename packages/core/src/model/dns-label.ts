import { createHash } from "node:crypto";

/** Characters that a DNS label has at most (RFC 1123); so do a namespace and a label's value in Kubernetes. */
export const longestLabel = 63;

const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Whether a text is one DNS label of at most so many characters. */
export const isLabel = (text: string, longest = longestLabel): boolean => text.length <= longest && label.test(text);

/**
 * A text that is no DNS label as one: what a label cannot have becomes `-`, it is cut, and `-` and hex digits of the
 * SHA-256 of the whole text are added, so that `feature/x` and `feature-x` differ.
 */
export function labelWithHash(
  text: string,
  { longest = longestLabel, digits }: { longest?: number; digits: number },
): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, digits);
  const kept = text
    .slice(0, 1024)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, longest - digits - 1)
    .replace(/-$/, "");
  return kept === "" ? `x-${hash}` : `${kept}-${hash}`;
}

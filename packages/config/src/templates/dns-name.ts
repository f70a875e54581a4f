import { createHash } from "node:crypto";

const longest = 63;

/**
 * A text as one DNS label (RFC 1123): at most 63 of a-z, 0-9 and '-'. A valid label stays as it is; whenever something
 * is lost, `-` and 8 hex digits of the SHA-256 of the original are added, so that `feature/x` and `feature-x` differ.
 */
export function sanitizeDnsName(value: string): string {
  if (value.length <= longest && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(value)) return value;
  const hash = createHash("sha256").update(value).digest("hex").slice(0, 8);
  const kept = value
    .slice(0, 1024)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, longest - hash.length - 1)
    .replace(/-$/, "");
  return kept === "" ? `x-${hash}` : `${kept}-${hash}`;
}

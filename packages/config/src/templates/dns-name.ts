import { isLabel, labelWithHash } from "@glu/core";

/**
 * A text as one DNS label (RFC 1123): at most 63 of a-z, 0-9 and '-'. A valid label stays as it is; whenever something
 * is lost, `-` and 8 hex digits of the SHA-256 of the original are added.
 */
export function sanitizeDnsName(value: string): string {
  return isLabel(value) ? value : labelWithHash(value, { digits: 8 });
}

/** The bytes as text when they are UTF-8 without NUL, BOM kept; undefined when they are binary. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's only way to say that this is not UTF-8; then the file is shown as binary.
    return undefined;
  }
}

import { OutsideError } from "@glu/core";

/** A URL as it may be said: what stands behind `?` can be a key. */
export function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** It could not be asked, or broke off; another try may help. */
export function unreachable(url: URL, why: string, cause?: unknown): OutsideError {
  return new OutsideError("http/unreachable", `${shown(url)} cannot be reached: ${why}.`, {
    seen: url.host,
    fix: "Check the address, and that this machine can reach it.",
    transient: true,
    cause,
  });
}

/** What it answered is not HTTP, or not what its headers say. */
export function broken(url: URL, why: string, cause?: unknown): OutsideError {
  return new OutsideError("http/broken", `The answer of ${shown(url)} cannot be read: ${why}.`, {
    seen: why,
    fix: "Look at the server, or at the proxy before it.",
    cause,
  });
}

/** Where a redirect leads that is not followed. */
export function misled(url: URL, why: string): OutsideError {
  return new OutsideError("http/redirect", `${shown(url)} redirects ${why}.`, {
    seen: why,
    fix: "Ask the address that answers.",
  });
}

/**
 * Why a request failed. Only the code of a system's error is said: its text may hold an address with a password, such
 * as the proxy's.
 */
export function failureOf(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (error instanceof OutsideError) return error;
  if (signal.aborted) {
    return new OutsideError("http/timeout", `${shown(url)} did not answer in time.`, {
      seen: url.host,
      fix: "Look at the server, or give it more time.",
      transient: true,
    });
  }
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined) return error;
  if (/^HPE_|^Z_|^ERR__ERROR_FORMAT|^ERR_BROTLI|^ERR_STREAM_PREMATURE/.test(code)) return broken(url, code);
  // OpenSSL's reasons not to trust a certificate (X509_V_ERR_…) have no common prefix.
  if (/CERT|SIGNED|VERIFY|ISSUER|PURPOSE/.test(code)) {
    return new OutsideError("http/certificate", `${shown(url)} cannot be trusted: ${code}.`, {
      seen: code,
      fix: "Let NODE_EXTRA_CA_CERTS name the file with the certificate of your authority.",
    });
  }
  return unreachable(url, code);
}

import type { Logger } from "@glu/core";
import { createSecrets } from "./secrets.ts";

/** The logger, with the secrets taken out of everything it prints: raw, base64, URL-encoded, in JSON. */
export function maskingLogger(logger: Logger, secrets: readonly string[]): Logger {
  const known = createSecrets();
  for (const secret of secrets) known.add(secret);
  return {
    debug: (message) => logger.debug(known.redact(message)),
    info: (message) => logger.info(known.redact(message)),
    notice: (message) => logger.notice(known.redact(message)),
    warning: (message) => logger.warning(known.redact(message)),
  };
}

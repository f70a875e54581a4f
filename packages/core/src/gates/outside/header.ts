import { z } from "zod";
import type { GateFault, Look } from "../gate.ts";
import { literally } from "./address.ts";
import { type Given, given, textOf } from "./given.ts";
import { Unanswered } from "./unanswered.ts";

/** RFC 9110, section 5.6.2; without those that say how a message is sent. */
const headerName =
  /^(?!(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer)$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/i;

export const headers = z
  .record(z.string().regex(headerName, "must be a header that can be given"), given)
  .describe('Headers: texts, or { env: NAME, prefix: "Bearer " } for what must not stand here.');

const canBeHeader = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A header's value.
 * @param none the code when the job has no such variable
 * @throws Unanswered `none`, `http/header`; the value is not repeated
 */
export function headerValue(name: string, value: Given, look: Look, none: string): string {
  const text = textOf(value, look, none).trim();
  if (canBeHeader.test(text)) return text;
  throw new Unanswered(
    "http/header",
    `the header ${name} cannot hold its value`,
    "a value on one line, without other letters",
  );
}

/** Headers that can hold nothing of what stands there, whatever the artifact. */
export function faultsInHeaders(given: Readonly<Record<string, Given>>): GateFault[] {
  const isWrong = (value: Given) =>
    !canBeHeader.test(literally(typeof value === "string" ? value : (value.prefix ?? "")));
  return Object.entries(given).flatMap(([name, value]): GateFault[] =>
    isWrong(value)
      ? [
          {
            level: "error",
            message: `the header ${name} cannot hold its value`,
            fix: "Write it on one line, without other letters.",
          },
        ]
      : [],
  );
}

import { UserError } from "../../errors.ts";
import type { Bytes } from "../../ports/config-repository.ts";

/** Fills one template in. */
export type Fill = (text: string) => string;

/** A file with its templates filled in. @param where what it is called in messages */
export const fillFile = (content: Bytes, where: string, fill: Fill): Bytes =>
  encode(fillText(decode(content, where), where, fill));

/** Each expression by itself: a mistake is told with its line, and a manifest may be as long as it is. */
export function fillText(text: string, where: string, fill: Fill): string {
  return text.replace(/\{\{[\s\S]*?\}\}/g, (expression, at: number) => {
    try {
      return fill(expression);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, message, seen, fix } = error;
      const line = text.slice(0, at).split("\n").length;
      throw new UserError(code, message.replace("this artifact", "this preview"), {
        ...{ seen, at: { file: where, line }, cause: error },
        ...(fix === undefined ? {} : { fix }),
      });
    }
  });
}

/** Letters that mean nothing in YAML, wherever they stand on a line. */
const plain = /^[\w./:@+-]*$/;

/** @throws UserError `preview/unsafe-value` */
export function harmless(value: string): string {
  if (plain.test(value)) return value;
  throw new UserError(
    "preview/unsafe-value",
    `${JSON.stringify(value.slice(0, 200))} may not be put into a manifest.`,
    {
      seen: value.slice(0, 200),
      fix: "Only letters, digits and . / : @ + - _ may. Make a name of it: {{ value | sanitizeDNSName }}.",
    },
  );
}

function decode(content: Bytes, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new UserError("preview/manifest", `${where} is not text in UTF-8.`, {
      seen: where,
      fix: "The folder of a template holds manifests only.",
      cause,
    });
  }
}

export const encode = (text: string): Bytes => new TextEncoder().encode(text);

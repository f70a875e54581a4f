/** Secrets that were registered in this run, and how to take them out of a text. */
export interface Secrets {
  add(secret: string): void;
  redact(text: string): string;
}

/** The forms in which a secret turns up: as it is, each of its lines, in JSON, base64 (also inside a longer one), a URL. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r\n|\r|\n/).map((line) => line.trim());
  // A brace on a line of its own is no secret, though the key file around it is.
  const forms = [secret, secret.trim(), ...lines.filter((line) => line.length >= 8)].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd")),
    ...base64FormsOf(text),
  ]);
  return forms.filter((form) => form.length > 0);
}

/**
 * Base64 of a text depends on where it starts in what is encoded: `user:token` has another base64 of the token than
 * the token alone. Of the three alignments the characters that do not depend on the neighbours are taken.
 */
function base64FormsOf(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length < 6) return [bytes.toString("base64")];
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const start = offset === 0 ? 0 : offset + 1;
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const stable = encoded.slice(start, end);
    return [stable, stable.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

export function createSecrets(): Secrets {
  // The longest first: a secret that contains another one goes as a whole.
  let forms: string[] = [];
  return {
    add(secret) {
      if (secret.trim() === "") return;
      forms = [...new Set([...forms, ...formsOf(secret)])].sort((a, b) => b.length - a.length);
    },
    redact: (text) => forms.reduce((left, form) => left.replaceAll(form, "***"), text),
  };
}

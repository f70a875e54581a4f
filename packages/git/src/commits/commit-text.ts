import type { Identity } from "@glu/core";

/** A message as a commit can hold it: NUL ends a message for most readers, so it becomes U+FFFD. */
export function commitMessage(message: string): string {
  const text = message.replaceAll("\0", "\ufffd");
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** `Name <address> seconds +0000`, as the headers of a commit have it. */
export function identityLine({ name, email }: Identity, seconds: number): string {
  return `${identityPart(name) || "unknown"} <${identityPart(email)}> ${seconds} +0000`;
}

/** What Git itself takes out of names and addresses: it would end the header or the address. */
export function identityPart(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
  return text.replace(/[<>\u0000-\u001f\u007f]/g, " ").trim();
}

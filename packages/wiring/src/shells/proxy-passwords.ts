import type { Env } from "../surroundings.ts";

/** The passwords in the addresses of proxies, as they stand there and as they are meant. */
export function proxyPasswords(env: Env): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!/^(?:https?|all)_proxy$/i.test(name) || value === undefined) return [];
    const written = /^(?:[a-z][a-z\d+.-]*:\/\/)?[^/@]*?:([^/]*)@/i.exec(value)?.[1] ?? "";
    return [written, decoded(written)].filter((password) => password !== "");
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

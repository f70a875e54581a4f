import { UserError } from "@glu/core";

/** Text at a path of untrusted JSON, or `undefined` when there is none. Inherited properties are not followed. */
export function textAt(payload: unknown, ...path: string[]): string | undefined {
  let value = payload;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A whole number above zero at a path of untrusted JSON. */
export function numberAt(payload: unknown, key: string): number | undefined {
  if (typeof payload !== "object" || payload === null || !Object.hasOwn(payload, key)) return undefined;
  return count(String((payload as Record<string, unknown>)[key]));
}

/** The names in a list of things that have one, at most a thousand. */
export function namesAt(payload: unknown, ...path: string[]): string[] {
  let value = payload;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return [];
    value = (value as Record<string, unknown>)[key];
  }
  if (!Array.isArray(value)) return [];
  return value.slice(0, 1000).flatMap((one: unknown) => oneLine(textAt(one, "name")) ?? []);
}

/** A time of the forge in milliseconds since the epoch. */
export function timeOf(value: string | undefined): number | undefined {
  const at = value === undefined || value.length > 64 ? Number.NaN : Date.parse(value);
  return Number.isNaN(at) || at <= 0 ? undefined : at;
}

/** The event file. Without one the event carries nothing. @throws UserError `host/event-payload`. */
export function readPayload(path: string | undefined, readFile: (path: string) => string | undefined): unknown {
  const text = path ? readFile(path) : undefined;
  if (text === undefined || text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError("host/event-payload", `The event's file ${path} is not JSON.`, {
      seen: path,
      fix: "The runner writes it; a step before this one may have changed it.",
      cause,
    });
  }
}

/** One line for the artifact, or nothing: control characters and half characters have no place in names. */
export function oneLine(value: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const bad = /[\u0000-\u001f\u007f\u0085\u2028\u2029\ud800-\udfff]/u;
  return value === undefined || value === "" || value.length > 4096 || bad.test(value) ? undefined : value;
}

/** A commit's message at the length that an artifact takes. */
export function message(value: string | undefined): string | undefined {
  return value === undefined ? undefined : value.slice(0, 65_536).replace(/[\ud800-\udfff]/gu, "\ufffd");
}

/** The object without the keys that are undefined, as exact optional properties want it. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The commit that a branch was at before a push; undefined for one that is new, which is all zeros. */
export function commitBefore(value: string | undefined): { before?: string } {
  const isCommit = value !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) && !/^0+$/.test(value);
  return isCommit ? { before: value } : {};
}

/** A whole number above zero of at most 15 digits, else nothing. */
export function count(value: string | undefined): number | undefined {
  return value !== undefined && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;
}

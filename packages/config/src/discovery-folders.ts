import { discoveryFolder } from "./grammar/discover.ts";
import { grammar } from "./grammar/grammar.ts";
import { type ConfigSource, readSource } from "./source/read-source.ts";

/**
 * The folders that must be listed before `parseConfig` can find apps in them; `""` is the root. None when the file has
 * no `discover` or is not valid: `parseConfig` says what is wrong.
 */
export function discoveryFolders(source: string | { data: unknown }): string[] {
  if (typeof source === "string" && !source.includes("discover")) return [];
  const read = readSource(typeof source === "string" ? { text: source } : (source satisfies ConfigSource));
  if (read.kind === "bad" || typeof read.data !== "object" || read.data === null) return [];
  const { discover } = grammar({ editors: [], gates: [] }).schema.shape;
  const parsed = discover.safeParse((read.data as { discover?: unknown }).discover);
  return parsed.success ? [...new Set((parsed.data ?? []).map(discoveryFolder))] : [];
}

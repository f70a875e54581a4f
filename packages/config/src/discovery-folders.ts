import { discoveryFolder } from "./grammar/discover.ts";
import { grammar } from "./grammar/grammar.ts";
import { readYaml } from "./source/read-yaml.ts";

/**
 * The folders that must be listed before `parseConfig` can find apps in them; `""` is the root. None when the file has
 * no `discover` or is not valid: `parseConfig` says what is wrong.
 */
export function discoveryFolders(text: string): string[] {
  if (!text.includes("discover")) return [];
  const read = readYaml(text);
  if (read.kind === "bad" || typeof read.data !== "object" || read.data === null) return [];
  const { discover } = grammar({ editors: [], gates: [] }).schema.shape;
  const parsed = discover.safeParse((read.data as { discover?: unknown }).discover);
  return parsed.success ? [...new Set((parsed.data ?? []).map(discoveryFolder))] : [];
}

import { stringify } from "yaml";
import type { Path, Places } from "./source/places.ts";
import { type ConfigSource, readSource } from "./source/read-source.ts";

/**
 * The config as YAML: what was merged is written out, the author's own `x-…` keys are left out, the order of keys is kept.
 * The same source gives the same bytes, and what is printed reads as the same pipeline. Pure.
 * @param source one that `parseConfig` takes
 */
export function printConfig(source: ConfigSource): string {
  const read = readSource(source);
  if (read.kind === "bad") throw new Error("a config that cannot be read is printed");
  const root = ordered(read.data, [], read.places);
  if (root instanceof Map) for (const key of root.keys()) if (key.startsWith("x-")) root.delete(key);
  return stringify(root, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Mappings as maps: a JavaScript object puts keys that are numbers first. */
function ordered(value: unknown, path: Path, places: Places): unknown {
  if (Array.isArray(value)) return value.map((item, index) => ordered(item, [...path, index], places));
  if (typeof value !== "object" || value === null) return value;
  const keys = places.keys(path).filter((key) => Object.hasOwn(value, key));
  const inner = value as Record<string, unknown>;
  return new Map(keys.map((key): [string, unknown] => [key, ordered(inner[key], [...path, key], places)]));
}

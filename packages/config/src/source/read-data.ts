import { describePath } from "../grammar/explain-issue.ts";
import type { Path, Place, Places } from "./places.ts";
import type { Problem } from "./problem.ts";
import type { SourceRead } from "./read-yaml.ts";

/** Levels. Far above any pipeline; it bounds what reading costs. */
const deepest = 64;

/** Data as JSON has it, for the same grammar that reads YAML. */
export function readData(data: unknown): SourceRead {
  const problems = checkKeys(data);
  return problems.length > 0 ? { kind: "bad", problems } : { kind: "read", data, places: new DataPlaces(data) };
}

/** The key that JavaScript treats apart, and what is too deep to be walked. Not by recursion, for the same reason. */
function checkKeys(data: unknown): Problem[] {
  const problems: Problem[] = [];
  const left: { value: unknown; path: Path }[] = [{ value: data, path: [] }];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { value, path } = one;
    if (typeof value !== "object" || value === null) continue;
    if (path.length > deepest) {
      const message = `It is deeper than ${deepest} levels.`;
      return [{ code: "config/too-deep", message, fix: "Make it flatter.", path: describePath(path.slice(0, 8)) }];
    }
    if (Object.hasOwn(value, "__proto__")) {
      const message = 'The key "__proto__" is not allowed.';
      problems.push({ code: "config/unknown-key", message, fix: "Remove it.", path: describePath(path) });
      continue;
    }
    const isList = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) {
      left.push({ value: inner, path: [...path, isList ? Number(key) : key] });
    }
  }
  return problems;
}

/** The place of what a program made is its path; its keys are in JavaScript's order. */
class DataPlaces implements Places {
  readonly #data: unknown;

  constructor(data: unknown) {
    this.#data = data;
  }

  keys(path: Path): string[] {
    let value: unknown = this.#data;
    for (const part of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return [];
      value = (value as Record<PropertyKey, unknown>)[part];
    }
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  }

  key(path: Path): Place {
    return this.value(path);
  }

  /** Of a single name that may be a list, the grammar says `from[0]`: what is there is `from`. */
  value(path: Path): Place {
    let value: unknown = this.#data;
    const there: PropertyKey[] = [];
    for (const part of path) {
      if (typeof value !== "object" || value === null) break;
      value = Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
      there.push(part);
    }
    return { path: describePath(there) };
  }
}

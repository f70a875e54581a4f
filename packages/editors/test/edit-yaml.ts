import type { RepoPath } from "@glu/core";
import { expect } from "vitest";
import { yaml } from "../src/yaml/yaml.ts";

export const path = "values.yaml" as RepoPath;
export const bytes = (text: string) => new TextEncoder().encode(text);
const text = (file: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(file);

/** The file after the edit, or the code it is refused with. Each value must be read back as it was set. */
export function edit(before: string | undefined, set: Record<string, string>, create = false): string {
  const files = new Map(before === undefined ? [] : [[path, bytes(before)]]);
  const edited = yaml.edit({ yaml: path, set, create }, files);
  if (edited.kind === "refused") return edited.code;
  for (const { selector, value } of edited.writes) {
    const file = edited.files.get(path) ?? files.get(path);
    if (file === undefined) throw new Error("no file");
    expect(yaml.read(file, selector), `${selector} is read back`).toBe(value);
  }
  const after = edited.files.get(path);
  return after === undefined ? (before ?? "") : text(after);
}
/** The whole result, to look into a refusal. */
export const result = (before: string | undefined, set: Record<string, string>, create = false) =>
  yaml.edit({ yaml: path, set, create }, new Map(before === undefined ? [] : [[path, bytes(before)]]));

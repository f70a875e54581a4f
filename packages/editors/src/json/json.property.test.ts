import type { RepoPath } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSelector } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { json } from "./json.ts";

const path = "a.json" as RepoPath;

function waysToScalars(value: unknown, way: Segment[] = []): Segment[][] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => waysToScalars(item, [...way, { kind: "index", index }]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, item]) => waysToScalars(item, [...way, { kind: "key", key }]));
  return [way];
}

const sample = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }),
    fc.constantFrom(undefined, 2, "\t"),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([value, indent, crlf, bom]) => {
    const text = JSON.stringify(value, null, indent);
    return {
      text: (bom ? "\ufeff" : "") + (crlf ? text.replaceAll("\n", "\r\n") : text),
      ways: waysToScalars(JSON.parse(text)),
    };
  })
  .filter(({ ways }) => ways.length > 0);
const sampleAndWay = sample.chain(({ text, ways }) => fc.tuple(fc.constant(text), fc.constantFrom(...ways)));
const edit = (text: string, set: Record<string, string>, create = false): string => {
  const file = new TextEncoder().encode(text);
  const result = json.edit({ json: path, set, create }, new Map([[path, file]]));
  if (result.kind === "refused") throw new Error(`${result.code} ${result.message}`);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(result.files.get(path) ?? file);
};
const read = (text: string) => JSON.parse(text.replace(/^\ufeff/, ""));

function valueAt(root: unknown, way: readonly Segment[]): unknown {
  return way.reduce(
    (at, step) =>
      (at as Record<string, unknown>)[step.kind === "index" ? step.index : step.kind === "key" ? step.key : ""],
    root,
  );
}

describe("an edit of any JSON file", () => {
  it("changes only the value, which is the string or prints as it, and does nothing the second time", () => {
    fc.assert(
      fc.property(
        sampleAndWay,
        fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("1.10", "5", "true", "null", "")),
        ([before, way], value) => {
          const after = edit(before, { [formatSelector({ path: way })]: value });
          const [old, now] = [read(before), read(after)];
          const [was, is] = [valueAt(old, way), valueAt(now, way)];
          expect(String(is)).toBe(value);
          expect(typeof is === "string" || typeof is === typeof was).toBe(true);
          const start = [...before].findIndex((char, at) => char !== [...after][at]);
          if (start === -1) expect(after.startsWith(before)).toBe(true);
          const holder = valueAt(now, way.slice(0, -1)) as Record<string, unknown>;
          const last = way.at(-1)!;
          Object.defineProperty(holder, last.kind === "index" ? last.index : last.kind === "key" ? last.key : "", {
            value: was,
            enumerable: true,
            configurable: true,
            writable: true,
          });
          expect(now).toEqual(old);
          expect(edit(after, { [formatSelector({ path: way })]: value })).toBe(after);
          if (typeof was === "string") expect(read(edit(after, { [formatSelector({ path: way })]: was }))).toEqual(old);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("that adds a key lays it out as JSON.stringify would", () => {
    const laidOut = fc.tuple(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }),
      fc.constantFrom(2, 4, "\t"),
    );
    fc.assert(
      fc.property(laidOut, fc.string(), ([value, indent], text) => {
        const before = `${JSON.stringify(value, null, indent)}\n`;
        const wanted = { ...read(before), "new key": { deep: text } };
        expect(edit(before, { '["new key"].deep': text }, true)).toBe(`${JSON.stringify(wanted, null, indent)}\n`);
      }),
    );
  });
});

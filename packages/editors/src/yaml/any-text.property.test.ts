import type { RepoPath } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { valueArbitrary } from "../../test/yaml-documents.ts";
import { formatSelector } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { yaml } from "./yaml.ts";

const path = "values.yaml" as RepoPath;

// Pieces that make or break YAML when they are put together at random.
const piece = fc.constantFrom(
  "a: ",
  "b: ",
  "a:",
  "b:",
  "c:\n",
  "- ",
  "-\n",
  "- a: ",
  "  ",
  "    ",
  "\n",
  "\n",
  "\n  ",
  "\n    ",
  "\r\n",
  "x",
  "1",
  "1.10",
  "true",
  "~",
  "'x'",
  '"x y"',
  '"',
  "'",
  "{",
  "}",
  "[",
  "]",
  ", ",
  "&n ",
  "*n",
  "<<: *n\n",
  "!!str ",
  "!t ",
  "? ",
  ": ",
  "# c",
  " # c\n",
  "|\n",
  ">-\n",
  "|+\n",
  "|2\n",
  "---\n",
  "...\n",
  "\t",
  "%YAML 1.1\n",
  "{a: 1, b: }",
  "[{a: x}]",
  "{a}",
  "name: n\n",
  "kind: K\n",
);
const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(""));
const key = fc.constantFrom("a", "b", "c", "x", "name", "<<").map((name): Segment => ({ kind: "key", key: name }));
const segment = fc.oneof(
  { weight: 4, arbitrary: key },
  fc.nat(2).map((index): Segment => ({ kind: "index", index })),
  fc.constantFrom("x", "1").map((value): Segment => ({ kind: "item", key: "a", value })),
);
const selector = fc
  .tuple(key, fc.array(segment, { maxLength: 2 }))
  .map(([first, rest]) => formatSelector({ path: [first, ...rest] }));

/** Every scalar of a file with the way to it, aliases followed, types of a YAML version included. */
function leaves(file: string, version: "1.1" | "1.2"): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const documents = parseAllDocuments(file, { version, logLevel: "silent", uniqueKeys: false });
  for (const [at, document] of documents.entries()) {
    if (document.errors.length > 0) return undefined;
    const visit = (node: unknown, way: string, depth: number): void => {
      if (depth > 30) return;
      if (isAlias(node)) visit(node.resolve(document as never), way, depth + 1);
      else if (isMap(node)) {
        for (const [index, pair] of node.items.entries())
          visit(pair.value, `${way}/${isScalar(pair.key) ? (pair.key.source ?? "") : `(${index})`}`, depth + 1);
      } else if (isSeq(node))
        for (const [index, item] of node.items.entries()) visit(item, `${way}/${index}`, depth + 1);
      else found.set(way, isScalar(node) ? `${typeof node.value} ${String(node.value)}` : "object null");
    };
    visit(document.contents, `#${at}`, 0);
  }
  return found;
}

describe("an edit of any text", () => {
  it("is refused, or changes one value and no other, also where aliases lead", () => {
    const outcomes = { edited: 0, refused: 0 };
    fc.assert(
      fc.property(text, selector, valueArbitrary, fc.boolean(), (before, place, value, create) => {
        const file = new TextEncoder().encode(before);
        const result = yaml.edit({ yaml: path, set: { [place]: value }, create }, new Map([[path, file]]));
        outcomes[result.kind] += 1;
        expect(["string", "undefined"]).toContain(typeof yaml.read(file, place));
        if (result.kind === "refused") {
          expect(result).toMatchObject({ code: expect.stringMatching(/^edit\/[a-z-]+$/), path });
          return;
        }
        const after = new TextDecoder().decode(result.files.get(path) ?? file);
        for (const version of ["1.1", "1.2"] as const) {
          const [old, now] = [leaves(before, version), leaves(after, version)];
          expect(old).toBeDefined();
          if (old === undefined || now === undefined) throw new Error("The result does not parse.");
          const changed = [...new Set([...old.keys(), ...now.keys()])].filter((way) => old.get(way) !== now.get(way));
          // A value that was there already changes nothing; a key made under "a:" takes the place of its null; a new
          // list item has its own key beside the value.
          const gone = changed.filter((way) => !now.has(way));
          const made = changed.filter((way) => now.has(way));
          for (const way of gone) expect(old.get(way)).toBe("object null");
          expect(made.length).toBeLessThanOrEqual(create ? 3 : 1);
          for (const way of made) if (old.has(way)) expect(now.get(way)).toMatch(/^(?:string|number|boolean) /);
          const [only = ""] = made;
          if (made.length === 1) expect(now.get(only)?.replace(/^(?:string|number|boolean) /, "")).toBe(value);
        }
        expect(yaml.read(new TextEncoder().encode(after), place)).toBe(value);
      }),
      { numRuns: Number(process.env.GLU_FUZZ_RUNS ?? 3000) },
    );
    expect(outcomes.edited).toBeGreaterThan(30);
    expect(outcomes.refused).toBeGreaterThan(30);
  });
});

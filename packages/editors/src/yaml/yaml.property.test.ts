import type { RepoPath } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Sample, sampleArbitrary, type Target, valueArbitrary } from "../../test/yaml-documents.ts";
import { formatPath } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { canBePlain } from "./write-scalar.ts";
import { yaml } from "./yaml.ts";

const path = "values.yaml" as RepoPath;
const bytes = (text: string) => new TextEncoder().encode(text);

function edit(file: Uint8Array, set: Record<string, string>, create = false): Uint8Array {
  const result = yaml.edit({ yaml: path, set, create }, new Map([[path, file]]));
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.message} (line ${result.line})`);
  return result.files.get(path) ?? file;
}

const sampleWithTargets = sampleArbitrary.filter(({ targets }) => targets.length > 0);
const sampleAndTarget = sampleWithTargets.chain((sample) =>
  fc.tuple(fc.constant(sample), fc.constantFrom(...sample.targets)),
);
const fileOf = ({ text, bom }: Sample) => bytes((bom ? "\ufeff" : "") + text);

/** What a parser of a YAML version reads, with the value at a path taken out. */
function parse(file: Uint8Array, version: "1.1" | "1.2", steps: readonly Segment[]): { value: unknown; rest: unknown } {
  const documents = parseAllDocuments(new TextDecoder().decode(file), { version, logLevel: "silent" });
  const roots = (documents as { toJS(): unknown; errors: unknown[] }[]).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  let holder: Record<string, unknown> = { root: roots[0] };
  let key = "root";
  for (const step of steps) {
    holder = holder[key] as Record<string, unknown>;
    if (step.kind === "item")
      key = String((holder as unknown as Record<string, unknown>[]).findIndex((item) => item[step.key] === step.value));
    else key = step.kind === "index" ? String(step.index) : step.key;
  }
  const value = holder[key];
  holder[key] = "TARGET";
  return { value, rest: roots };
}

/** The number or boolean that a plain one becomes; undefined when it becomes a string. */
function native(target: Target, value: string): number | boolean | undefined {
  if (target.style !== "number" || !/^(?:true|false|-?\d{1,6})$/.test(value)) return undefined;
  const meant = value === "true" || value === "false" ? value === "true" : Number(value);
  return String(meant) === value && typeof meant === typeof JSON.parse(target.text) ? meant : undefined;
}

describe("an edit of any YAML file", () => {
  it("changes no byte outside of the target, and the target is the value for YAML 1.1 and 1.2", () => {
    fc.assert(
      fc.property(sampleAndTarget, valueArbitrary, ([sample, target], value) => {
        const file = fileOf(sample);
        const after = edit(file, { [formatPath(target.path)]: value });
        const text = new TextDecoder().decode(after);
        expect(text.slice(0, target.start)).toBe(sample.text.slice(0, target.start));
        // Where there was nothing, a space at the end of the line becomes the one before the value.
        const tail = sample.text.slice(target.end);
        expect(text.endsWith(target.style === "empty" ? tail.replace(/^ (?= *(?:\r?\n|$))/, "") : tail)).toBe(true);
        for (const version of ["1.1", "1.2"] as const) {
          const [now, before] = [parse(after, version, target.path), parse(file, version, target.path)];
          expect(now.value).toBe(native(target, value) ?? value);
          expect(now.rest).toEqual(before.rest);
        }
        expect(yaml.read(after, formatPath(target.path))).toBe(value);
        expect(edit(after, { [formatPath(target.path)]: value })).toEqual(after);
      }),
      { numRuns: 600 },
    );
  });

  it("and back gives the same bytes where the style can hold both values", () => {
    fc.assert(
      fc.property(sampleAndTarget, valueArbitrary, ([sample, target], value) => {
        const plain = target.style === "plain" && canBePlain(value, true);
        const number = native(target, value) !== undefined && native(target, target.text) !== undefined;
        const quoted = target.style === "double" || (target.style === "single" && /^[\x20-\x7e]*$/.test(value));
        const literal = target.style === "literal" && /^[a-z]+\n?$/.test(value);
        fc.pre(plain || number || quoted || literal);
        const selector = formatPath(target.path);
        expect(edit(edit(fileOf(sample), { [selector]: value }), { [selector]: target.text })).toEqual(fileOf(sample));
      }),
      { numRuns: 300 },
    );
  });

  it("at several places at once is the same as at one after another", () => {
    fc.assert(
      fc.property(
        sampleWithTargets.chain((sample) =>
          fc.tuple(
            fc.constant(sample),
            fc.subarray(sample.targets, { minLength: 1 }),
            fc.array(valueArbitrary, { minLength: 1 }),
          ),
        ),
        ([sample, targets, values]) => {
          const set = targets.map(({ path: steps }, index): [string, string] => [
            formatPath(steps),
            values[index % values.length] ?? "",
          ]);
          const together = edit(fileOf(sample), Object.fromEntries(set));
          const apart = set.reduce<Uint8Array>(
            (file, [selector, value]) => edit(file, { [selector]: value }),
            fileOf(sample),
          );
          expect(together).toEqual(apart);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("that makes a key only adds bytes, and only this key", () => {
    fc.assert(
      fc.property(sampleAndTarget, valueArbitrary, fc.boolean(), ([sample, target], value, deep) => {
        const parent = target.path.findLastIndex((segment) => segment.kind === "key");
        const added: Segment[] = [
          ...target.path.slice(0, parent),
          { kind: "key", key: "new" },
          ...(deep ? [{ kind: "key" as const, key: "x" }] : []),
        ];
        const file = fileOf(sample);
        const after = edit(file, { [formatPath(added)]: value }, true);
        let head = 0;
        while (head < file.length && file[head] === after[head]) head += 1;
        let tail = 0;
        while (tail < file.length && file.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
        // All old bytes are in the common head and tail, which overlap when the new text begins like what follows it.
        expect(head + tail).toBeGreaterThanOrEqual(file.length);
        for (const version of ["1.1", "1.2"] as const) expect(parse(after, version, added).value).toBe(value);
        expect(edit(after, { [formatPath(added)]: value }, true)).toEqual(after);
      }),
      { numRuns: 200 },
    );
  });
});

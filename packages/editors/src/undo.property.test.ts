import { type Bytes, type Editor, type RepoPath, repoPath } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json, kustomize, yaml } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (file: Bytes | undefined) => (file === undefined ? undefined : new TextDecoder().decode(file));

/** A file after an edit. */
function edited<Options>(editor: Editor<Options>, options: Options, path: RepoPath, file: Bytes | undefined) {
  const result = editor.edit(options, new Map(file === undefined ? [] : [[path, file]]));
  if (result.kind === "refused") return undefined;
  return { file: result.files.get(path) ?? file, selectors: result.writes.map(({ selector }) => selector) };
}

function undone<Options>(
  editor: Editor<Options>,
  path: RepoPath,
  now: Bytes | undefined,
  before: Bytes | undefined,
  selectors: readonly string[],
): Bytes | undefined {
  if (now === undefined || editor.undo === undefined) throw new Error("nothing to undo");
  const result = editor.undo(path, now, before, selectors);
  if (result.kind === "refused") throw new Error(`${result.code} ${result.message}\n${textOf(now)}`);
  return result.file;
}

const topOf = (selector: string) => /^\w*/.exec(selector)?.[0];

/** An edit undone gives the bytes before; of two, the first undone gives what the second alone would have made. */
function check<Options>(
  editor: Editor<Options>,
  path: string,
  [before, ours, theirs]: readonly [string | undefined, Options, Options],
): void {
  const at = repoPath(path);
  const file = before === undefined ? undefined : bytes(before);
  const first = edited(editor, ours, at, file);
  if (first === undefined) return;
  expect(textOf(undone(editor, at, first.file, file, first.selectors))).toBe(before);
  const both = edited(editor, theirs, at, first.file);
  const alone = edited(editor, theirs, at, file);
  if (both === undefined || alone === undefined || file === undefined) return;
  // Who adds to the same map or list may find it in another order.
  const tops = new Set(first.selectors.map(topOf));
  if (
    both.selectors.some((one) => (editor.kind === "kustomize" ? first.selectors.includes(one) : tops.has(topOf(one))))
  )
    return;
  expect(textOf(undone(editor, at, both.file, file, first.selectors))).toBe(textOf(alone.file));
}

const value = fc.constantFrom("1.10", "v2", "true", "a b", "x: y", "#c", "", "null", 'q"');
const eol = fc.constantFrom("\n", "\r\n");
const ended = fc.boolean();
const selectors = fc.constantFrom(
  "image.tag",
  "image.digest",
  "replicas",
  "env[name=LOG].value",
  "env[name=NEW].value",
  "deep.er.still",
  "fresh",
  "empty.key",
  "none",
);
const sets = fc.dictionary(selectors, value, { minKeys: 1, maxKeys: 3 });

describe("an edit that is undone", () => {
  const lines = fc
    .shuffledSubarray([
      ["# top"],
      ["image:", "    repository: web # the image", "    tag: '1.0'   # set by Glu"],
      ["image:", "  repository: web"],
      ["replicas:   3"],
      ["env:", "- name: LOG", '  value: "no"', "", "- name: OTHER", "  value: x # c"],
      ["env: [ { name: LOG, value: no } ]"],
      ["env: []"],
      ["deep: {er: {}}"],
      ["deep: { a: b }"],
      ["empty:"],
      ["none: ~ # nothing"],
      ["text: |", "  a", "  b"],
      ["", "# end"],
    ])
    .filter(
      (parts) =>
        new Set(parts.map(([first]) => /^\w*/.exec(first ?? "")?.[0]).filter(Boolean)).size ===
        parts.filter(([first]) => /^\w/.test(first ?? "")).length,
    );

  it("gives a YAML file back byte for byte", () => {
    const sample = fc
      .tuple(lines, eol, ended)
      .map(([parts, end, isEnded]) => parts.flat().join(end) + (isEnded && parts.length > 0 ? end : ""));
    const options = sets.map((set) => ({ yaml: "a.yaml", set, create: true }));
    fc.assert(
      fc.property(fc.option(sample, { nil: undefined }), options, options, (...all) => check(yaml, "a.yaml", all)),
      { numRuns: 1500 },
    );
  });

  it("gives a JSON file back byte for byte", () => {
    const sample = fc
      .tuple(
        fc.constantFrom<object>(
          {},
          { image: { tag: "1.0", repository: "web" } },
          { image: {}, replicas: 3 },
          { env: [{ name: "LOG", value: "x" }], deep: { er: null } },
          { env: [], none: null },
        ),
        fc.constantFrom<number | string>(0, 2, 4, "\t"),
        eol,
      )
      .map(([data, indent, end]) => `${JSON.stringify(data, null, indent).replaceAll("\n", end)}${end}`);
    const options = sets.map((set) => ({ json: "a.json", set, create: true }));
    fc.assert(
      fc.property(fc.option(sample, { nil: undefined }), options, options, (...all) => check(json, "a.json", all)),
      { numRuns: 1000 },
    );
  });

  it("gives a kustomization back byte for byte", () => {
    const hex = `sha256:${"0a".repeat(32)}`;
    const image = fc.constantFrom("web:1.0", `web@${hex}`, "ghcr.io/acme/web:2", "api:3", `ghcr.io/acme/api:4@${hex}`);
    const sample = fc
      .tuple(
        fc.constantFrom(
          ["resources: [a.yaml]"],
          ["images:", "- name: web # mine", "  newTag: v1 # tag", "- name: db", "  newTag: v9"],
          ["images:", "  - newTag: v1", "    name: web", "", "labels: {a: b}"],
          ["images:", "- {name: web, digest: 'sha256:00'}", "- name: db"],
          ["images:", "- name: web", "  newName: other", `  digest: ${hex}`, "  newTag: old"],
          ["images: []", "# end"],
          ["images:", "# none yet"],
        ),
        eol,
        ended,
      )
      .map(([parts, end, isEnded]) => parts.join(end) + (isEnded ? end : ""));
    const options = fc
      .tuple(image, fc.constantFrom("web", "api", undefined))
      .map(([of, name]) => ({ kustomize: ".", image: of, create: true, ...(name === undefined ? {} : { name }) }));
    fc.assert(
      fc.property(fc.option(sample, { nil: undefined }), options, options, (...all) =>
        check(kustomize, "kustomization.yaml", all),
      ),
      { numRuns: 1000 },
    );
  });
});

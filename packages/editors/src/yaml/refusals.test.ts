import { describe, expect, it } from "vitest";
import { edit, path, result } from "../../test/edit-yaml.ts";
import { yaml } from "./yaml.ts";

describe("an edit is refused", () => {
  it.each<[string, string, string, string]>([
    ["of an alias", "a: &x 1\nb: *x\n", "b", "edit/alias"],
    ["through an alias", "a: &x {c: 1}\nb: *x\n", "b.c", "edit/alias"],
    ["of an anchor that is used", "a: &x 1\nb: *x\n", "a", "edit/anchor"],
    ["inside an anchor that is used", "a: &x {c: 1}\nb: *x\n", "a.c", "edit/anchor"],
    ["of a key that only comes by a merge", "a: &x {c: 1}\nb:\n  <<: *x\n", "b.c", "edit/no-key"],
    ["of a missing key", "a: 1\n", "b", "edit/no-key"],
    ["of a key inside a value", "a: 1\n", "a.b", "edit/no-key"],
    ["of a key in a list", "a: [1]\n", "a.b", "edit/no-key"],
    ["of an item in a map", "a: {b: 1}\n", "a[b=1]", "edit/no-key"],
    ["of a missing index", "a: [1]\n", "a[1]", "edit/no-key"],
    ["of a missing item", "a: [{name: x, v: 1}]\n", "a[name=y].v", "edit/no-key"],
    ["of an item found twice", "a: [{name: x, v: 1}, {name: x, v: 2}]\n", "a[name=x].v", "edit/ambiguous"],
    ["of a map", "a: {b: 1}\n", "a", "edit/not-scalar"],
    ["of a list", "a: []\n", "a", "edit/not-scalar"],
    ["with a key twice", "a: 1\nb: 2\na: 3\n", "b", "edit/duplicate-key"],
    ["with a key twice by text", "1: a\n'1': b\n", "1", "edit/duplicate-key"],
    ["with a syntax error", "a: 1\nb: [1\nc: 2\n", "a", "edit/syntax"],
    ["of a tagged value", "a: !secret x\n", "a", "edit/tag"],
    ["of a number by tag", "a: !!int 3\n", "a", "edit/tag"],
    ["of a bad selector", "a: 1\n", "a..b", "edit/selector"],
    ["of the key an item is found by", "a: [{name: x}]\n", "a[name=x].name", "edit/selector"],
    ["of an explicit key without a value", "? a\n? b\n", "a", "edit/no-key"],
    ["of an empty file", "", "a", "edit/no-key"],
    ["of a file with a NUL", "a: 1\0\n", "a", "edit/encoding"],
  ])("%s", (_, before, selector, code) => {
    expect(edit(before, { [selector]: "v" })).toBe(code);
  });

  it("of a file that is not UTF-8", () => {
    const refused = yaml.edit(
      { yaml: path, set: { a: "v" }, create: false },
      new Map([[path, new Uint8Array([0x61, 0x3a, 0x20, 0xff])]]),
    );
    expect(refused).toMatchObject({ kind: "refused", code: "edit/encoding", path });
  });

  it("of a value that is half a character", () => {
    expect(edit("a: 1\n", { a: "\ud800" })).toBe("edit/encoding");
  });

  it("of a missing file and of a path outside the repository", () => {
    expect(edit(undefined, { a: "v" })).toBe("edit/no-file");
    for (const file of ["../x.yaml", "/x.yaml", ".git/config"]) {
      expect(yaml.edit({ yaml: file, set: { a: "v" }, create: true }, new Map()), file).toMatchObject({
        code: "edit/path",
      });
    }
  });

  it("with the line, what was seen and the nearest key", () => {
    expect(result("a: 1\nimage:\n  tag: x\n  repository: y\n", { "image.tga": "v" })).toMatchObject({
      kind: "refused",
      code: "edit/no-key",
      path,
      line: 3,
      message: '"image.tga" is not there.',
      fix: expect.stringContaining('Did you mean "tag"?'),
    });
    expect(result("a: &x {c: 1}\nb:\n  <<: *x\n", { "b.c": "v" })).toMatchObject({
      message: expect.stringContaining("merge key"),
    });
    expect(result("a: 1\nb: [1\nc: 2\n", { a: "v" })).toMatchObject({ line: expect.any(Number) });
  });

  it("for nesting that is too deep, in these words", () => {
    for (const before of ["[".repeat(20_000), `${"{a: ".repeat(5000)}1${"}".repeat(5000)}`, `${"- ".repeat(20_000)}x`])
      expect(result(before, { a: "v" })).toMatchObject({
        code: "edit/syntax",
        message: "The YAML is nested too deeply.",
      });
  });

  it("with a fix where there is a value above the place", () => {
    for (const before of ["a: 1\n", "a: null\n", "a: [x]\n", "text\n"])
      expect(result(before, { "a.b": "v" })).toMatchObject({
        code: "edit/no-key",
        fix: expect.stringMatching(/by hand/),
      });
  });

  it("for a syntax error without what stands in the file", () => {
    for (const before of [
      "a: 1\n%s3cret: [\n",
      "a: 's3cret\n",
      "a: |s3cret\n",
      "a: [s3cret\n",
      "- s3cret\na: 1\n",
      "a: @s3cret\n",
      "a: b: s3cret\n",
      "a: {s3cret}}\n",
      "}s3cret\n",
      'a: "\\qs3cret"\n',
      "%s3cret\n",
      "%YAML 1.2\n# s3cret\n",
    ]) {
      const refused = result(before, { a: "v" });
      expect(refused, before).toMatchObject({ kind: "refused", code: "edit/syntax" });
      expect(JSON.stringify(refused)).not.toContain("s3cret");
    }
  });
});

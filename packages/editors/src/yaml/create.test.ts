import { describe, expect, it } from "vitest";
import { edit } from "../../test/edit-yaml.ts";

type Row = [name: string, before: string, set: Record<string, string>, after: string];

describe("with create", () => {
  it.each<Row>([
    [
      "a missing key is made after the content of its map",
      "image:\n  repository: x  # c\n\n# next\nother: 1\n",
      { "image.tag": "v" },
      "image:\n  repository: x  # c\n  tag: v\n\n# next\nother: 1\n",
    ],
    ["a missing key at the root", "a: 1\n\n# end\n", { b: "v" }, "a: 1\nb: v\n\n# end\n"],
    ["a file without a last line break stays so", "a: 1", { b: "v" }, "a: 1\nb: v"],
    ["CRLF is kept", "a:\r\n  b: 1\r\nc: 2\r\n", { "a.d": "v" }, "a:\r\n  b: 1\r\n  d: v\r\nc: 2\r\n"],
    [
      "the file's indentation is used",
      "a:\n    b:\n        c: 1\n",
      { "a.x.k.z": "v" },
      "a:\n    b:\n        c: 1\n    x:\n        k:\n            z: v\n",
    ],
    ["after a nested map", "a:\n  b:\n    c: 1\nd: 2\n", { "a.x": "v" }, "a:\n  b:\n    c: 1\n  x: v\nd: 2\n"],
    [
      "after a list without indentation",
      "a:\n  b:\n  - 1\n  - 2\nd: 2\n",
      { "a.x": "v" },
      "a:\n  b:\n  - 1\n  - 2\n  x: v\nd: 2\n",
    ],
    ["after a block scalar", "a:\n  b: |\n    one\n\nd: 2\n", { "a.x": "v" }, "a:\n  b: |\n    one\n  x: v\n\nd: 2\n"],
    [
      "after a block scalar that keeps its end",
      "a:\n  b: |+\n    one\n\nd: 2\n",
      { "a.x": "v" },
      "a:\n  b: |+\n    one\n\n  x: v\nd: 2\n",
    ],
    ["after a key without a value", "a:\n  b: # c\nd: 2\n", { "a.x": "v" }, "a:\n  b: # c\n  x: v\nd: 2\n"],
    [
      "after a flow collection on several lines",
      "a:\n  b: [\n    1,\n  ] # c\nd: 2\n",
      { "a.x": "v" },
      "a:\n  b: [\n    1,\n  ] # c\n  x: v\nd: 2\n",
    ],
    [
      "in a list item",
      "a:\n  - name: x\n  - name: y\n    v: 1\n",
      { "a[name=x].v": "2.0" },
      'a:\n  - name: x\n    v: "2.0"\n  - name: y\n    v: 1\n',
    ],
    [
      "a new list item",
      "env:\n- name: A\n  value: x\nz: 1\n",
      { "env[name=B].value": "v" },
      "env:\n- name: A\n  value: x\n- name: B\n  value: v\nz: 1\n",
    ],
    [
      "a new list",
      "a:\n  - b\nc:\n  d: 1\n",
      { "c.env[name=B].value": "v" },
      "a:\n  - b\nc:\n  d: 1\n  env:\n    - name: B\n      value: v\n",
    ],
    ["in a flow map", "a: {b: 1}\n", { "a.c": "v" }, "a: {b: 1, c: v}\n"],
    ["in an empty flow map", "a: {}\nb: { }\n", { "a.c": "v", "b.c": "v" }, "a: {c: v}\nb: { c: v }\n"],
    ["in a flow map like JSON", '{"a": "b"}\n', { c: "v" }, '{"a": "b", "c": "v"}\n'],
    [
      "in a flow map on lines",
      "a: {\n  b: 1, # c\n  c: 2\n}\n",
      { "a.d.e": "v" },
      "a: {\n  b: 1, # c\n  c: 2,\n  d: {e: v}\n}\n",
    ],
    [
      "in a flow map on lines whose last one has a comment",
      "a: {\n  b: 1,\n  c: 2 # c\n}\nd: [\r\n  {n: x}, # x\r\n]\n",
      { "a.k": "v", "d[n=z].k": "v" },
      'a: {\n  b: 1,\n  c: 2, # c\n  k: v\n}\nd: [\r\n  {n: x}, # x\r\n  {"n": z, k: v},\r\n]\n',
    ],
    ["in a flow map with a last comma", "a: {b: 1, }\n", { "a.c": "v" }, "a: {b: 1, c: v, }\n"],
    ["in a flow list", "a: [{name: x}]\n", { "a[name=k].v": "1" }, 'a: [{name: x}, {name: k, v: "1"}]\n'],
    ["under a key without a value", "a: # c\nb: 1\n", { "a.x.k": "v" }, "a: # c\n  x:\n    k: v\nb: 1\n"],
    ["a list under a key without a value", "a:\nb: 1\n", { "a[name=x].v": "k" }, "a:\n  - name: x\n    v: k\nb: 1\n"],
    ["under a key without a value in a flow map", "{a: , b: 1}\n", { "a.x": "v" }, "{a: {x: v} , b: 1}\n"],
    ["in an empty file", "", { "a.b": "v" }, "a:\n  b: v\n"],
    ["in a file of comments", "# only\n", { "a.b": "v" }, "# only\na:\n  b: v\n"],
    ["in a file with a marker", "---\n", { a: "v" }, "---\na: v\n"],
    [
      "two keys of a new map",
      "a: 1\n",
      { "image.tag": "v", "image.digest": "d" },
      "a: 1\nimage:\n  tag: v\n  digest: d\n",
    ],
    ["a key of digits in quotes", "a: {}\n", { 'a["1"]': "v", '["08"].x': "v" }, 'a: {"1": v}\n"08":\n  x: v\n'],
    ["a key that needs quotes", "a: 1\n", { '["x: y"]': "v", on: "v" }, 'a: 1\n"x: y": v\n"on": v\n'],
    [
      "a key that otherwise comes by a merge",
      "a: &x {c: 1}\nb:\n  <<: *x\n",
      { "b.c": "v" },
      "a: &x {c: 1}\nb:\n  <<: *x\n  c: v\n",
    ],
    ["a key that is there is set", "a: 1\n", { a: "v" }, "a: v\n"],
    [
      "in a document by name",
      "kind: A\nmetadata: {name: x}\n---\nkind: B\nmetadata: {name: x}\n",
      { "A/x:spec.v": "1" },
      'kind: A\nmetadata: {name: x}\nspec:\n  v: "1"\n---\nkind: B\nmetadata: {name: x}\n',
    ],
    ["with a BOM", "\ufeffa: 1\n", { b: "v" }, "\ufeffa: 1\nb: v\n"],
  ])("%s", (_, before, set, after) => {
    expect(edit(before, set, true)).toBe(after);
    expect(edit(after, set, true)).toBe(after);
    expect(edit(after, set, false)).toBe(after);
  });

  it("a missing file is made", () => {
    expect(edit(undefined, { '["1"].a': "v", '["2"]': "w" }, true)).toBe('"1":\n  a: v\n"2": w\n');
    expect(edit(undefined, { "image.tag": "1.10", "image.digest": "d", "env[name=A].value": "x" }, true)).toBe(
      'image:\n  tag: "1.10"\n  digest: d\nenv:\n  - name: A\n    value: x\n',
    );
  });

  it.each<[string, string, string, string]>([
    ["inside an anchor that is used", "a: &x {c: 1}\nb: *x\n", "a.d", "edit/anchor"],
    ["under an empty anchor that is used", "a: &x\nb: *x\n", "a.d", "edit/anchor"],
    ["under an empty value with a tag of its own", "a: !t\nb: 1\n", "a.d", "edit/tag"],
    ["under an empty value at the end of the file", "b: !t ", "b.a", "edit/tag"],
    ["under an empty string by tag", "a: !!str\n", "a.d", "edit/tag"],
    ["in a document that is only an anchor", "&x\n", "a", "edit/no-key"],
    ["of a key that is no Unicode", "a: 1\n", '["\\ud800"]', "edit/encoding"],
    ["of an item whose key is no Unicode", "a: []\n", 'a[name="\\ud800"].b', "edit/encoding"],
    ["through an alias", "a: &x {c: 1}\nb: *x\n", "b.d", "edit/alias"],
    ["of a map that would hide a merged one", "a: &x {c: {d: 1}}\nb:\n  <<: *x\n", "b.c.e", "edit/no-key"],
    ["by index", "a: [1]\n", "a[1]", "edit/no-key"],
    ["by an index without brackets", "a: {}\n", "a.1", "edit/no-key"],
    ["by an index in quotes", "a: [x]\n", 'a["1"]', "edit/no-key"],
    ["by an index in quotes in a block", "a:\n- x\n", 'a["1"].b', "edit/no-key"],
    ["inside a value", "a: 1\n", "a.b", "edit/no-key"],
    ["of a whole list item", "a: []\n", "a[name=x]", "edit/selector"],
    ["after a block scalar at the end without a line break", "a: |\n  x", "b", "edit/proof"],
    ["without the name of one of several documents", "a: 1\n---\nb: 1\n", "c", "edit/no-key"],
  ])("is refused %s", (_, before, selector, code) => {
    expect(edit(before, { [selector]: "v" }, true)).toBe(code);
  });
});

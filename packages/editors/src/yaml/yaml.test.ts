import type { RepoPath } from "@glu/core";
import { describe, expect, it } from "vitest";
import { yaml } from "./yaml.ts";

const path = "values.yaml" as RepoPath;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (file: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(file);

/** The file after the edit, or the code it is refused with. */
function edit(before: string | undefined, set: Record<string, string>, create = false): string {
  const files = new Map(before === undefined ? [] : [[path, bytes(before)]]);
  const result = yaml.edit({ yaml: path, set, create }, files);
  if (result.kind === "refused") return result.code;
  for (const { selector, value } of result.writes) {
    const file = result.files.get(path) ?? files.get(path);
    if (file === undefined) throw new Error("no file");
    expect(yaml.read(file, selector), `${selector} is read back`).toBe(value);
  }
  const after = result.files.get(path);
  return after === undefined ? (before ?? "") : text(after);
}
const refusal = (before: string | undefined, set: Record<string, string>, create = false) =>
  yaml.edit({ yaml: path, set, create }, new Map(before === undefined ? [] : [[path, bytes(before)]]));

type Row = [name: string, before: string, set: Record<string, string>, after: string];

describe("a value that is there", () => {
  it.each<Row>([
    [
      "is replaced in place, comments and blanks kept",
      "a: 1 # one\n\nimage:\n    tag: v1   # pinned\n    other: x\n",
      { "image.tag": "v2" },
      "a: 1 # one\n\nimage:\n    tag: v2   # pinned\n    other: x\n",
    ],
    ["keeps single quotes", "tag: 'v1'\n", { tag: "it's" }, "tag: 'it''s'\n"],
    ["keeps double quotes", 'tag: "v1"\n', { tag: 'a"b\\' }, 'tag: "a\\"b\\\\"\n'],
    ["leaves single quotes when they cannot hold it", "tag: 'v1'\n", { tag: "a\nb" }, 'tag: "a\\nb"\n'],
    ["keeps CRLF", "a: 1\r\ntag: v1\r\nb: 2\r\n", { tag: "v2" }, "a: 1\r\ntag: v2\r\nb: 2\r\n"],
    ["keeps a BOM", "\ufefftag: v1\n", { tag: "v2" }, "\ufefftag: v2\n"],
    ["keeps a missing last line break", "tag: v1", { tag: "v2" }, "tag: v2"],
    ["keeps non-ASCII around it", "größe: 😀\ntag: v1 # ü\n", { tag: "ä😀" }, "größe: 😀\ntag: ä😀 # ü\n"],
    [
      "in a flow map",
      "image: {name: web, tag: v1, x: 2}\n",
      { "image.tag": "v2" },
      "image: {name: web, tag: v2, x: 2}\n",
    ],
    [
      "in a flow map is quoted when a comma is in it",
      "image: {tag: v1}\n",
      { "image.tag": "a,b" },
      'image: {tag: "a,b"}\n',
    ],
    ["that touches its key is quoted", '{"a":1,"b":x}\n', { b: "y" }, '{"a":1,"b":"y"}\n'],
    ["under a quoted key", '"a.b": {"c/d": x}\n', { '["a.b"]["c/d"]': "z" }, '"a.b": {"c/d": z}\n'],
    ["in a list by index", "list:\n- a\n-   b # c\n", { "list[1]": "z" }, "list:\n- a\n-   z # c\n"],
    ["in a list by a number as key", "list:\n- a\n- b\n", { "list.1": "z" }, "list:\n- a\n- z\n"],
    [
      "in a list by key",
      "env:\n  - name: A\n    value: 1.5\n  - name: LOG_LEVEL\n    value: info\n",
      { "env[name=LOG_LEVEL].value": "debug" },
      "env:\n  - name: A\n    value: 1.5\n  - name: LOG_LEVEL\n    value: debug\n",
    ],
    ["with an anchor nobody uses", "tag: &t v1\n", { tag: "v2" }, "tag: &t v2\n"],
    ["with !!str", "tag: !!str 1.10\n", { tag: "1.20" }, 'tag: !!str "1.20"\n'],
    ["plain on several lines", "tag: one\n  two\n  three\nb: 1\n", { tag: "v2" }, "tag: v2\nb: 1\n"],
    ["quoted on several lines", 'tag: "one\n  two"  # c\nb: 1\n', { tag: "v2" }, 'tag: "v2"  # c\nb: 1\n'],
    ["on the line below its key", "tag:\n  v1\nb: 1\n", { tag: "v2" }, "tag:\n  v2\nb: 1\n"],
    ["behind an explicit key", "? tag\n: v1\n", { tag: "v2" }, "? tag\n: v2\n"],
    ["behind document markers", "%YAML 1.1\n---\ntag: v1\n...\n", { tag: "v2" }, "%YAML 1.1\n---\ntag: v2\n...\n"],
    ["separated by a tab", "tag:\tv1\t# c\n", { tag: "v2" }, "tag:\tv2\t# c\n"],
    ["in a key that is a number", "1: a\n2: b\n", { "2": "c" }, "1: a\n2: c\n"],
    [
      "several at once",
      "a: 1\nb: {c: x, d: y}\ne: [p, q]\n",
      { "e[1]": "r", a: "2", "b.c": "z" },
      "a: 2\nb: {c: z, d: y}\ne: [p, r]\n",
    ],
  ])("%s", (_, before, set, after) => {
    expect(edit(before, set)).toBe(after);
    expect(edit(after, set)).toBe(after);
  });

  it.each<[string, string, string]>([
    ["|\n  one\n  two\n\nb: 1\n", "three\nfour\n", "|\n  three\n  four\n\nb: 1\n"],
    ["|\n  one\nb: 1\n", "three", "|-\n  three\nb: 1\n"],
    ["|-  # why\r\n    one\r\nb: 1\r\n", "x\n\ny", "|-  # why\r\n    x\r\n\r\n    y\r\nb: 1\r\n"],
    ["|-\n  one\nb: 1\n", "three\n", "|\n  three\nb: 1\n"],
    [">-\n  one\n  two\nb: 1\n", "three", ">-\n  three\nb: 1\n"],
    [">-\n  one\nb: 1\n", "three\nfour", "|-\n  three\n  four\nb: 1\n"],
    ["|+\n  one\n\nb: 1\n", "two", '"two"\nb: 1\n'],
    ["|2-\n   one\nb: 1\n", "two", '"two"\nb: 1\n'],
    ["|\n  one\nb: 1\n", "", '""\nb: 1\n'],
    ["|\n  one\nb: 1\n", " lead", '" lead"\nb: 1\n'],
    ["|\n  one\n\n# end\nb: 1\n", "x\n\n\n", '"x\\n\\n\\n"\n\n# end\nb: 1\n'],
    ["|-\n  one", "two", "|-\n  two"],
    ["|-\n  one", "two\n", "|\n  two\n"],
    ["|\n  one\n    \nb: 1\n", "two\n", "|\n  two\nb: 1\n"],
    ["|\n  one\n  \nb: 1\n", "two\n", "|\n  two\n  \nb: 1\n"],
    [">\n\n  one\n\n  two\nb: 1\n", "two\n", ">\n  two\nb: 1\n"],
    ["|\n\nb: 1\n", "two", '"two"\n\nb: 1\n'],
  ])("in a block scalar %j becomes %j", (before, value, after) => {
    expect(edit(`a: ${before}`, { a: value })).toBe(`a: ${after}`);
  });

  it.each<[string, string]>([
    ["a:\nb: 1\n", "a: v\nb: 1\n"],
    ["a: \nb: 1\n", "a: v\nb: 1\n"],
    ["a: # c\nb: 1\n", "a: v # c\nb: 1\n"],
    ["a:   # c\nb: 1\n", "a: v   # c\nb: 1\n"],
    ["a: &x\nb: 1\n", "a: &x v\nb: 1\n"],
    ["a: !!str\nb: 1\n", "a: !!str v\nb: 1\n"],
    ["a:", "a: v"],
    ["a:\r\n", "a: v\r\n"],
    ["{a: , b: 1}", "{a: v , b: 1}"],
    ["{a}", "{a: v}"],
    ["{b: 1, a, c: 2}", "{b: 1, a: v, c: 2}"],
    ["a: ~\n", "a: v\n"],
    ["a: null # c\n", "a: v # c\n"],
  ])("that is empty, %j, is inserted", (before, after) => {
    expect(edit(before, { a: "v" })).toBe(after);
  });

  it("that is empty in a list is inserted", () => {
    expect(edit("a:\n  -\n  - x\n", { "a[0]": "v" })).toBe("a:\n  - v\n  - x\n");
  });
});

describe("a value that YAML would read as another type", () => {
  it.each([
    "1.10",
    "true",
    "no",
    "on",
    "Yes",
    "y",
    "N",
    "0123",
    "089",
    "1_000",
    "+_1",
    "123e4567",
    "12:30:45",
    "1:2",
    "1234567",
    "null",
    "~",
    "",
    ".inf",
    "-.Inf",
    ".NaN",
    "0x1F",
    "0o17",
    "0b11",
    "2024-01-02",
    "2001-12-14 21:59:43.10 -5",
    "=",
    "<<",
    "1.",
    ".5",
    "+1",
    "1e3",
    "- a",
    "-",
    "?",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "[a",
    "{a",
    "}",
    "]",
    ",",
    "'a",
    '"a',
    " a",
    "a ",
    "...",
    "---",
    "a\tb",
  ])("%j is quoted", (value) => {
    expect(edit("a: x\n", { a: value })).toBe(`a: ${JSON.stringify(value)}\n`);
    expect(edit("a: [x]\n", { "a[0]": value })).toBe(`a: [${JSON.stringify(value)}]\n`);
  });

  it.each([
    "v1",
    "1.2.3",
    "1.25-alpine",
    "sha256:abc",
    "abc1234",
    "12ab34f",
    "a-b_c/d",
    "http://x.y/z",
    "a,b",
    "it's",
    "größe",
    "a#b",
    "a:b",
    "trueish",
    "1.2.3-rc.1+5",
  ])("%j stays plain", (value) => {
    expect(edit("a: x\n", { a: value })).toBe(`a: ${value}\n`);
  });

  it.each<[string, string, string]>([
    ["a: 3\n", "5", "a: 5\n"],
    ["a: 0.5\n", "2", "a: 2\n"],
    ["a: 3\n", "-1", "a: -1\n"],
    ["a: true\n", "false", "a: false\n"],
    ["a: 3\n", "v5", "a: v5\n"],
    ["a: 3\n", "true", 'a: "true"\n'],
    ["a: 1.9\n", "1.10", 'a: "1.10"\n'],
    ["a: 1.10\n", "1.10", 'a: "1.10"\n'],
    ["a: 3\n", "007", 'a: "007"\n'],
    ["a: 3\n", "1e3", 'a: "1e3"\n'],
    ["a: 3\n", "12345678901234567890", 'a: "12345678901234567890"\n'],
    ["a: yes\n", "true", 'a: "true"\n'],
    ["a: '3'\n", "5", "a: '5'\n"],
    ["a: !!str 3\n", "5", 'a: !!str "5"\n'],
    ["a:\n", "5", 'a: "5"\n'],
  ])("%j set to %j stays a number or boolean only when it prints the same", (before, value, after) => {
    expect(edit(before, { a: value })).toBe(after);
    expect(edit(after, { a: value })).toBe(after);
  });
});

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
    const result = yaml.edit(
      { yaml: path, set: { a: "v" }, create: false },
      new Map([[path, new Uint8Array([0x61, 0x3a, 0x20, 0xff])]]),
    );
    expect(result).toMatchObject({ kind: "refused", code: "edit/encoding", path });
  });

  it("of a value that is half a character", () => {
    expect(edit("a: 1\n", { a: "\ud800" })).toBe("edit/encoding");
  });

  it("of a missing file, a path outside, a record and a workflow", () => {
    expect(edit(undefined, { a: "v" })).toBe("edit/no-file");
    for (const file of [
      "../x.yaml",
      "/x.yaml",
      ".git/config",
      ".glu/a/b.json",
      ".github/workflows/x.yml",
      ".gitlab-ci.yml",
    ]) {
      expect(yaml.edit({ yaml: file, set: { a: "v" }, create: true }, new Map()), file).toMatchObject({
        code: "edit/path",
      });
    }
  });

  it("with the line, what was seen and the nearest key", () => {
    expect(refusal("a: 1\nimage:\n  tag: x\n  repository: y\n", { "image.tga": "v" })).toMatchObject({
      kind: "refused",
      code: "edit/no-key",
      path,
      line: 3,
      message: '"image.tga" is not there.',
      fix: expect.stringContaining('Did you mean "tag"?'),
    });
    expect(refusal("a: &x {c: 1}\nb:\n  <<: *x\n", { "b.c": "v" })).toMatchObject({
      message: expect.stringContaining("merge key"),
    });
    expect(refusal("a: 1\nb: [1\nc: 2\n", { a: "v" })).toMatchObject({ line: expect.any(Number) });
  });
});

describe("a file of several documents", () => {
  const many =
    "# head\n---\nkind: Service\nmetadata: {name: web}\nspec: {port: 80}\n---\nkind: Deployment\nmetadata:\n  name: web\n  namespace: a\nspec:\n  replicas: 1\n---\nkind: Deployment\nmetadata:\n  name: web\n  namespace: b\nspec:\n  replicas: 1\n---\n";

  it("is edited in the document that the selector names", () => {
    expect(edit(many, { "Service/web:spec.port": "81" })).toBe(many.replace("80", "81"));
    expect(edit(many, { "Deployment/b/web:spec.replicas": "2" })).toBe(many.replace(/1(?=\n---\n$)/, "2"));
  });

  it("is edited without a name when only one has the path", () => {
    expect(edit(many, { "spec.port": "81" })).toBe(many.replace("80", "81"));
  });

  it("is refused when several or none match", () => {
    expect(edit(many, { "Deployment/web:spec.replicas": "2" })).toBe("edit/ambiguous");
    expect(edit(many, { "spec.replicas": "2" })).toBe("edit/ambiguous");
    expect(edit(many, { "spec.nothing": "2" })).toBe("edit/no-key");
    expect(edit(many, { "Deployment/wbe:spec.replicas": "2" })).toBe("edit/no-key");
    expect(refusal(many, { "Deployment/wbe:spec.replicas": "2" })).toMatchObject({
      fix: 'Did you mean "Deployment/web"?',
    });
  });
});

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
    expect(edit(undefined, { "image.tag": "1.10", "image.digest": "d", "env[name=A].value": "x" }, true)).toBe(
      'image:\n  tag: "1.10"\n  digest: d\nenv:\n  - name: A\n    value: x\n',
    );
  });

  it.each<[string, string, string, string]>([
    ["inside an anchor that is used", "a: &x {c: 1}\nb: *x\n", "a.d", "edit/anchor"],
    ["through an alias", "a: &x {c: 1}\nb: *x\n", "b.d", "edit/alias"],
    ["of a map that would hide a merged one", "a: &x {c: {d: 1}}\nb:\n  <<: *x\n", "b.c.e", "edit/no-key"],
    ["by index", "a: [1]\n", "a[1]", "edit/no-key"],
    ["inside a value", "a: 1\n", "a.b", "edit/no-key"],
    ["of a whole list item", "a: []\n", "a[name=x]", "edit/selector"],
    ["after a block scalar at the end without a line break", "a: |\n  x", "b", "edit/proof"],
    ["without the name of one of several documents", "a: 1\n---\nb: 1\n", "c", "edit/no-key"],
  ])("is refused %s", (_, before, selector, code) => {
    expect(edit(before, { [selector]: "v" }, true)).toBe(code);
  });
});

describe("reading", () => {
  it.each<[string, string, string | undefined]>([
    ["a: 1.10\n", "a", "1.10"],
    ["a: 'x'\n", "a", "x"],
    ["a:\n", "a", undefined],
    ["a: ~\n", "a", undefined],
    ['a: ""\n', "a", ""],
    ["a: {b: 1}\n", "a", undefined],
    ["b: 1\n", "a", undefined],
    ["a: &x v\nb: *x\n", "b", "v"],
    ["a: [\n", "a", undefined],
    ["a: 1\n", "a..b", undefined],
    ["", "a", undefined],
  ])("%j at %s gives %j", (file, selector, value) => {
    expect(yaml.read(bytes(file), selector)).toBe(value);
  });
});

import { describe, expect, it } from "vitest";
import { edit } from "../../test/edit-yaml.ts";

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
    [
      "in a list by a key whose value is an alias",
      "n: &n web\nl:\n- name: *n\n  v: x\n",
      { "l[name=web].v": "z" },
      "n: &n web\nl:\n- name: *n\n  v: z\n",
    ],
    [
      "in a list by a key that comes through a merge",
      "b: &b {name: web}\nl:\n- <<: [*b]\n  v: x\n- {<<: *b, name: api}\n",
      { "l[name=web].v": "z" },
      "b: &b {name: web}\nl:\n- <<: [*b]\n  v: z\n- {<<: *b, name: api}\n",
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

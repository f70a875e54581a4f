import type { RepoPath } from "@glu/core";
import { describe, expect, it } from "vitest";
import { json } from "./json.ts";

const path = "app.json" as RepoPath;
const bytes = (text: string) => new TextEncoder().encode(text);

/** The file after the edit, or the code it is refused with. */
function edit(before: string | undefined, set: Record<string, string>, create = false): string {
  const files = new Map(before === undefined ? [] : [[path, bytes(before)]]);
  const result = json.edit({ json: path, set, create }, files);
  if (result.kind === "refused") return result.code;
  const after = result.files.get(path) ?? files.get(path);
  if (after === undefined) throw new Error("no file");
  for (const { selector, value } of result.writes) expect(json.read(after, selector), selector).toBe(value);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(after);
}

type Row = [name: string, before: string, set: Record<string, string>, after: string];

describe("a JSON file", () => {
  it.each<Row>([
    [
      "is edited in place",
      '{\n\t"a" : "x",\n\n\t"b": [1, {"c":"d"}]\n}',
      { a: "y" },
      '{\n\t"a" : "y",\n\n\t"b": [1, {"c":"d"}]\n}',
    ],
    ["is edited deep inside", '{"b":[1,{"c":"d"}]}\n', { "b[1].c": 'e"\n' }, '{"b":[1,{"c":"e\\"\\n"}]}\n'],
    ["keeps CRLF and BOM", '\ufeff{\r\n"a": "x"\r\n}\r\n', { a: "y" }, '\ufeff{\r\n"a": "y"\r\n}\r\n'],
    ["keeps escapes elsewhere", '{"\\u0061b": "\\u00e9", "c": "x"}', { c: "é" }, '{"\\u0061b": "\\u00e9", "c": "é"}'],
    ["keeps escapes of the same value", '{"a": "\\u00e9\\/"}', { a: "é/" }, '{"a": "\\u00e9\\/"}'],
    ["keeps a number a number", '{"n": 3}', { n: "5" }, '{"n": 5}'],
    ["keeps a boolean a boolean", '{"n": true}', { n: "false" }, '{"n": false}'],
    ["makes a number a string when it would print otherwise", '{"n": 1.9}', { n: "1.10" }, '{"n": "1.10"}'],
    ["keeps an integer below a million a number", '{"n": 3}', { n: "-999999" }, '{"n": -999999}'],
    ["makes a number a string from a million on", '{"n": 0}', { n: "1234567" }, '{"n": "1234567"}'],
    ["makes a number a string when the new one has a fraction", '{"n": 1.9}', { n: "2.5" }, '{"n": "2.5"}'],
    ["makes null a string", '{"n": null}', { n: "5" }, '{"n": "5"}'],
    ["keeps a string a string", '{"n": "3"}', { n: "5" }, '{"n": "5"}'],
    [
      "is edited in an item found by key",
      '[{"name":"a","v":"1"},{"name":"b","v":"1"}]',
      { "a[0]": "x" },
      "edit/no-key",
    ],
    [
      "is edited in an item of a list",
      '{"l":[{"name":"a","v":"1"},{"name":"b","v":"1"}]}',
      { "l[name=b].v": "2" },
      '{"l":[{"name":"a","v":"1"},{"name":"b","v":"2"}]}',
    ],
    [
      "is edited at several places at once",
      '{"a":"1","b":{"c":"1"}}',
      { "b.c": "2", a: "3" },
      '{"a":"3","b":{"c":"2"}}',
    ],
    [
      "keeps numbers that JavaScript cannot hold",
      '{"n": 12345678901234567890, "e": 1.0E+2, "a": "x"}',
      { a: "y" },
      '{"n": 12345678901234567890, "e": 1.0E+2, "a": "y"}',
    ],
    [
      "is edited in the item of this very number",
      '{"l": [{"id": 9007199254740993, "v": "1"}, {"id": 9007199254740992, "v": "1"}, {"id": 1.0, "v": "1"}]}',
      { "l[id=9007199254740992].v": "2", "l[id=1.0].v": "3" },
      '{"l": [{"id": 9007199254740993, "v": "1"}, {"id": 9007199254740992, "v": "2"}, {"id": 1.0, "v": "3"}]}',
    ],
    ["may have the key __proto__", '{"__proto__": {"a": "x"}}', { "__proto__.a": "y" }, '{"__proto__": {"a": "y"}}'],
  ])("%s", (_, before, set, after) => {
    expect(edit(before, set)).toBe(after);
    if (!after.startsWith("edit/")) expect(edit(after, set)).toBe(after);
  });

  it.each<[string, string, string, string]>([
    ["a comment", '{\n// c\n"a": "x"}', "a", "edit/syntax"],
    ["a comma at the end", '{"a": "x",}', "a", "edit/syntax"],
    ["single quotes", "{'a': 'x'}", "a", "edit/syntax"],
    ["something behind it", '{"a": "x"} x', "a", "edit/syntax"],
    ["a bare number format", '{"a": 01}', "a", "edit/syntax"],
    ["nothing in it", "", "a", "edit/syntax"],
    ["too deep nesting", "[".repeat(100_000), "a", "edit/syntax"],
    ["a key twice", '{"a": "x", "b": {"\\u0063": 1, "c": 2}}', "a", "edit/duplicate-key"],
    ["an object there", '{"a": {}}', "a", "edit/not-scalar"],
    ["no such key", '{"a": {}}', "a.b", "edit/no-key"],
    ["a value above it", '{"a": 1}', "a.b", "edit/no-key"],
    ["an item found twice", '{"a": [{"n": "x"}, {"n": "x"}]}', "a[n=x].v", "edit/ambiguous"],
    ["a selector of a document", '{"a": 1}', "A/b:a", "edit/selector"],
    ["the selected key set", '{"a": [{"n": "x"}]}', "a[n=x].n", "edit/selector"],
  ])("with %s is refused", (_, before, selector, code) => {
    expect(edit(before, { [selector]: "v" })).toBe(code);
  });

  it("is refused with line and the nearest key", () => {
    const result = json.edit(
      { json: path, set: { "image.tga": "v" }, create: false },
      new Map([[path, bytes('{\n"image":\n{"tag": 1}}')]]),
    );
    expect(result).toEqual({
      kind: "refused",
      code: "edit/no-key",
      path,
      line: 3,
      message: '"image.tga" is not there.',
      fix: "Did you mean \"tag\"? With 'create: true' it is made.",
    });
  });

  it.each<Row>([
    ["on its own line", '{\n  "a": "x"\n}\n', { b: "v" }, '{\n  "a": "x",\n  "b": "v"\n}\n'],
    [
      "with tabs and CRLF",
      '{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t}\r\n}\r\n',
      { "a.c.d": "v" },
      '{\r\n\t"a": {\r\n\t\t"b": 1,\r\n\t\t"c": {\r\n\t\t\t"d": "v"\r\n\t\t}\r\n\t}\r\n}\r\n',
    ],
    ["on the same line", '{"a": 1, "b": 2}', { c: "v" }, '{"a": 1, "b": 2, "c": "v"}'],
    ["without spaces where there are none", '{"a":1,"b":2}', { "c.d": "v" }, '{"a":1,"b":2,"c":{"d":"v"}}'],
    ["in an empty object", '{\n  "a": {}\n}\n', { "a.b": "v" }, '{\n  "a": {\n    "b": "v"\n  }\n}\n'],
    ["in an empty root", "{}", { "a.b": "v" }, '{"a": {"b": "v"}}'],
    [
      "as an item",
      '{\n  "l": [\n    {\n      "name": "a"\n    }\n  ]\n}\n',
      { "l[name=b].v": "1" },
      '{\n  "l": [\n    {\n      "name": "a"\n    },\n    {\n      "name": "b",\n      "v": "1"\n    }\n  ]\n}\n',
    ],
    ["in an item", '{"l":[{"name":"a"}]}', { "l[name=a].v": "1" }, '{"l":[{"name":"a","v":"1"}]}'],
    ["of digits in quotes", '{"a": {}}', { 'a["1"]': "v" }, '{"a": {"1": "v"}}'],
    ["two of one new object", "{\n}", { "a.b": "1", "a.c": "2" }, '{"a": {"b": "1", "c": "2"}}'],
    ["under the key __proto__", '{"a":1}', { "__proto__.b": "v" }, '{"a":1,"__proto__":{"b":"v"}}'],
  ])("with create gets a missing key %s", (_, before, set, after) => {
    expect(edit(before, set, true)).toBe(after);
    expect(edit(after, set, true)).toBe(after);
  });

  it("gets no item by its index", () => {
    for (const selector of ["a[1]", "a.1", 'a["1"]', "b.1", "b[1]"])
      expect(edit('{"a": ["x"], "b": {}}', { [selector]: "v" }, true)).toBe("edit/no-key");
  });

  it("is made when it is missing, and only with create", () => {
    expect(edit(undefined, { "a.b": "1", c: "2" }, true)).toBe('{\n  "a": {\n    "b": "1"\n  },\n  "c": "2"\n}\n');
    expect(edit(undefined, { a: "1" })).toBe("edit/no-file");
  });
});

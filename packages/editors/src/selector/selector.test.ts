import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../refusal.ts";
import { formatSelector } from "./format-selector.ts";
import { parseSelector } from "./parse-selector.ts";
import type { Segment, Selector } from "./selector.ts";

const key = (name: string): Segment => ({ kind: "key", key: name });

describe("a selector", () => {
  it.each<[string, Selector]>([
    ["image.tag", { path: [key("image"), key("tag")] }],
    ["list.0", { path: [key("list"), key("0")] }],
    ['ports["80"]', { path: [key("ports"), { kind: "key", key: "80", quoted: true }] }],
    ["list[0]", { path: [key("list"), { kind: "index", index: 0 }] }],
    [
      "env[name=LOG_LEVEL].value",
      { path: [key("env"), { kind: "item", key: "name", value: "LOG_LEVEL" }, key("value")] },
    ],
    ['annotations["example.com/x"].y', { path: [key("annotations"), key("example.com/x"), key("y")] }],
    ['["a.b"].c', { path: [key("a.b"), key("c")] }],
    [
      "images[name=localhost:5000/web]",
      { path: [key("images"), { kind: "item", key: "name", value: "localhost:5000/web" }] },
    ],
    ['a["b c"="d]e"]', { path: [key("a"), { kind: "item", key: "b c", value: "d]e" }] }],
    [
      "Deployment/web:spec.replicas",
      { document: { kind: "Deployment", name: "web" }, path: [key("spec"), key("replicas")] },
    ],
    [
      "ConfigMap/prod/web.v1:data.x",
      { document: { kind: "ConfigMap", namespace: "prod", name: "web.v1" }, path: [key("data"), key("x")] },
    ],
    ['ClusterRole/"system:node":a', { document: { kind: "ClusterRole", name: "system:node" }, path: [key("a")] }],
    ["x-common.größe", { path: [key("x-common"), key("größe")] }],
  ])("%s is read", (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
    expect(parseSelector(formatSelector(selector))).toEqual(selector);
  });

  it.each([
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "a b",
    "a:b",
    "a/b",
    "Deployment/web",
    "Deployment/web:",
    "/a:b",
    "a[",
    "a[]",
    "a[0",
    "a[-1]",
    "a[01]",
    "a[x]",
    "a[x=]",
    "a[=x]",
    'a["x]',
    "a[0]b",
    'a["\\q"]',
    '"a"',
    "a=b",
    "A/b/c/d:e",
  ])("%j is refused with the column", (text) => {
    expect(() => parseSelector(text)).toThrow(Refusal);
    expect(() => parseSelector(text)).toThrow(/column|its end/);
  });

  const text = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom("a.b", "a/b", "a:b", '"', "]", "=", "0", " "),
  );
  const segment: fc.Arbitrary<Segment> = fc.oneof(
    text.map(key),
    fc.nat().map((digits): Segment => ({ kind: "key", key: String(digits), quoted: true })),
    fc.nat(999_999_999).map((index): Segment => ({ kind: "index", index })),
    fc.tuple(text, text).map(([name, value]): Segment => ({ kind: "item", key: name, value })),
  );
  const document = fc.oneof(
    fc.record({ kind: text, name: text }),
    fc.record({ kind: text, namespace: text, name: text }),
  );

  it("is the same after it was written and read again", () => {
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 5 }),
        fc.option(document, { nil: undefined }),
        (path, name) => {
          const selector: Selector = name === undefined ? { path } : { document: name, path };
          const written = formatSelector(selector);
          expect(parseSelector(written)).toEqual(selector);
          expect(formatSelector(parseSelector(written))).toBe(written);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("of any text is read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab0.:/[]\"'=\\ ") }), (any) => {
        try {
          expect(parseSelector(formatSelector(parseSelector(any)))).toEqual(parseSelector(any));
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { editors } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const lineOf = (kind: string, text: string, selector: string) =>
  editors.find((one) => one.kind === kind)?.line?.(bytes(text), selector);

const yaml = `# web
image:
  tag: "1"

  digest: >-
    sha256
env:
  - name: A
    value: a
  - name: B
    value: b
`;

describe("the line of a place", () => {
  it.each([
    ["yaml", yaml, "image.tag", 3],
    ["yaml", yaml, "image.digest", 5],
    ["yaml", yaml, "env[name=B].value", 11],
    ["yaml", yaml, "image.none", undefined],
    ["yaml", "a: [", "a", undefined],
    ["yaml", "a: 1\n---\nkind: X\nb: 2\n", "b", 4],
    ["json", '{\n  "image": {\n    "tag": "1"\n  }\n}\n', "image.tag", 3],
    ["json", "{}", "image.tag", undefined],
    ["kustomize", "images:\n  - name: a\n    newTag: x\n  - name: b\n    newTag: y\n", "images[name=b]", 4],
  ])("of %s %j at %s is %s", (kind, text, selector, line) => {
    expect(lineOf(kind, text, selector)).toBe(line);
  });
});

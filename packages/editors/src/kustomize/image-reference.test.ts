import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatImageReference, type ImageReference, parseImageReference } from "./image-reference.ts";

const hex = "0123456789abcdef".repeat(4);

describe("an image reference", () => {
  it.each<[string, ImageReference]>([
    ["web", { name: "web" }],
    ["web:1.2", { name: "web", tag: "1.2" }],
    ["localhost:5000/web", { name: "localhost:5000/web" }],
    ["localhost:5000/web:1.2", { name: "localhost:5000/web", tag: "1.2" }],
    [`ghcr.io/acme/web:v1@sha256:${hex}`, { name: "ghcr.io/acme/web", tag: "v1", digest: `sha256:${hex}` }],
    [`a/b__c/d-e.f@sha512+b64:${hex}`, { name: "a/b__c/d-e.f", digest: `sha512+b64:${hex}` }],
    ["[2001:db8::1]:5000/web:x", { name: "[2001:db8::1]:5000/web", tag: "x" }],
    ["Example.COM/web", { name: "Example.COM/web" }],
  ])("%s is read and written", (text, image) => {
    expect(parseImageReference(text)).toEqual(image);
    expect(formatImageReference(image)).toBe(text);
  });

  it.each([
    "",
    ":v1",
    "web:",
    "Web",
    "a/Web",
    "web@sha256:abc",
    "web:v1:v2",
    "-web",
    "web/",
    "/web",
    "a//b",
    "web v1",
    "web:\nv",
    "web:v1\n",
    "a___b",
    "web@",
    `web:${"a".repeat(129)}`,
    "a".repeat(256),
  ])("%j is none", (text) => {
    expect(() => parseImageReference(text)).toThrow(/is not an image reference/);
  });

  it("is the same after it was written and read again", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8})?$/);
    const image = fc.record(
      {
        name: fc
          .tuple(
            fc.option(fc.stringMatching(/^[a-z0-9]{1,8}\.[a-z]{2,3}(?::[0-9]{2,5})?$/), { nil: undefined }),
            fc.array(part, { minLength: 1, maxLength: 3 }),
          )
          .map(([host, parts]) => [...(host === undefined ? [] : [host]), ...parts].join("/")),
        tag: fc.stringMatching(/^\w[\w.-]{0,20}$/),
        digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((digits) => `sha256:${digits}`),
      },
      { requiredKeys: ["name"] },
    );
    fc.assert(
      fc.property(image, (reference) => {
        expect(parseImageReference(formatImageReference(reference))).toEqual(reference);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify, verifyArtifact } from "../artifact/digest.ts";
import { artifactOf } from "../test-kit/memory.ts";
import { type Image, imageRef, imageSchema } from "./artifact.ts";

const digest = `sha256:${"a".repeat(64)}`;
const name = "ghcr.io/acme/web";
const good: Image = { name, tag: "1.2.0", digest, ref: `${name}:1.2.0@${digest}` };

describe("an image of an artifact", () => {
  it("deploys what its name, tag and digest say", () => {
    expect(imageSchema.parse(good)).toEqual(good);
    const untagged = { name, digest, ref: `${name}@${digest}` };
    expect(imageSchema.parse(untagged)).toEqual(untagged);
  });

  it.each<[string, Partial<Image>]>([
    ["another image", { ref: `evil.example/miner:1.2.0@${digest}` }],
    ["another tag", { ref: `${name}:latest@${digest}` }],
    ["another digest", { ref: `${name}:1.2.0@sha256:${"b".repeat(64)}` }],
    ["no digest", { ref: `${name}:1.2.0` }],
    ["no tag", { ref: `${name}@${digest}` }],
    ["a name in another case", { ref: `GHCR.io/ACME/Web:1.2.0@${digest}` }],
    ["more behind it", { ref: `${good.ref}\u200b` }],
    ["a digest as tag", { tag: `1@${digest}`, ref: `${name}:1@${digest}@${digest}` }],
    ["a digest in its name", { name: `${name}@${digest}`, tag: "x", ref: `${name}@${digest}:x@${digest}` }],
  ])("does not deploy %s", (_what, change) => {
    const [only] = imageSchema.safeParse({ ...good, ...change }).error?.issues ?? [];
    expect(only?.path.at(-1)).toMatch(/^(?:ref|tag|name)$/);
    const { artifact } = identify({ ...artifactOf("web", 1), images: { web: { ...good, ...change } } });
    expect(() => verifyArtifact(artifact, "it")).toThrow(expect.objectContaining({ code: "artifact/malformed" }));
  });

  it("has one ref for its parts, and one set of parts for its ref", () => {
    const names = fc.stringMatching(/^[a-z0-9]{1,4}(?:\.io)?(?::5000)?\/[a-z]{1,3}$/);
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,4}$/), { nil: undefined });
    const digests = fc.constantFrom("a", "b").map((digit) => `sha256:${digit.repeat(64)}`);
    const image = fc.record({ name: names, tag, digest: digests });
    fc.assert(
      fc.property(image, image, (a, b) => {
        expect(imageSchema.safeParse({ ...a, ref: imageRef(a) }).success).toBe(true);
        expect(imageSchema.safeParse({ ...a, ref: imageRef(b) }).success).toBe(imageRef(a) === imageRef(b));
        expect(imageRef(a) === imageRef(b)).toBe(a.name === b.name && a.tag === b.tag && a.digest === b.digest);
      }),
    );
  });
});

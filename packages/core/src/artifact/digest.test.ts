import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactSchemaId } from "../model/artifact.ts";
import { artifactOf } from "../test-kit/memory.ts";
import { type ArtifactContent, digestOf, identify, traceOf, verifyArtifact } from "./digest.ts";

const content: ArtifactContent = {
  schema: artifactSchemaId,
  app: "frontend",
  created: "2026-11-21T08:00:00.000Z",
  version: { repositoryName: "acme/frontend", sha: "a".repeat(40), branch: "main", event: "push" },
  committedAt: "2026-11-21T07:00:00Z",
  images: {},
  context: {},
  environments: [],
  items: [],
  vars: {},
  run: { host: "github", id: "1", number: 7, attempt: 1 },
};

describe("an artifact's identity", () => {
  it("is the committer time and the digest", () => {
    const { artifact, digest } = identify(content);
    expect(artifact.id).toBe(`20261121t070000z-${digest.slice(7, 19)}`);
  });

  it("is the same when the job runs again", () => {
    const again = { ...content, created: "2026-11-22T09:00:00.000Z", run: { ...content.run!, attempt: 2 } };
    expect(digestOf(again)).toBe(digestOf(content));
    expect(identify(again).artifact.id).toBe(identify(content).artifact.id);
  });

  it("does not depend on the order of keys", () => {
    const reversed = Object.fromEntries(Object.entries(content).reverse()) as ArtifactContent;
    expect(digestOf(reversed)).toBe(digestOf(content));
  });

  it("changes with any other content", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string(), { minKeys: 1 }), (vars) => {
        expect(digestOf({ ...content, vars })).not.toBe(digestOf(content));
      }),
    );
  });

  it("is verified on reading, and a changed field is found", () => {
    const { artifact } = identify(content);
    expect(verifyArtifact(JSON.parse(JSON.stringify(artifact)), "x").artifact).toEqual(artifact);
    expect(() => verifyArtifact({ ...artifact, vars: { a: "b" } }, "x")).toThrow(/its content is/);
    expect(() => verifyArtifact({ ...artifact, surprise: 1 }, "x")).toThrow(/is not an artifact/);
  });

  it("says which trace it belongs to, whatever was written into it", () => {
    const { artifact } = identify(content);
    const other = traceOf(digestOf({ ...content, app: "other" }));
    for (const trace of [other, { ...artifact.trace!, chainId: other.chainId }, undefined]) {
      expect(verifyArtifact(JSON.parse(JSON.stringify({ ...artifact, trace })), "x").artifact).toEqual(artifact);
    }
  });

  it("gives a UUIDv8 as trace and chain id", () => {
    const { traceparent, chainId } = traceOf(digestOf(content));
    expect(chainId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(traceparent).toMatch(new RegExp(`^00-${chainId.replaceAll("-", "")}-[0-9a-f]{16}-01$`));
  });
});

it("what has no canonical form is a malformed artifact, not a crash", () => {
  const deep = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  for (const value of [JSON.parse("1e999"), "\ud800", deep]) {
    const artifact = { ...artifactOf("web", 1), items: [{ name: "report", value }] };
    expect(() => verifyArtifact(artifact, "a file")).toThrow(expect.objectContaining({ code: "artifact/malformed" }));
  }
});

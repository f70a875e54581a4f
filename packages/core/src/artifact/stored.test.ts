import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactSchemaId } from "../model/artifact.ts";
import type { AppName, ArtifactId } from "../model/names.ts";
import { digestOf, identify } from "./digest.ts";
import {
  assembleArtifact,
  idsToPrune,
  itemFile,
  keptArtifacts,
  keptUnknowing,
  newestFirst,
  sameItem,
} from "./stored.ts";

const { artifact } = identify({
  schema: artifactSchemaId,
  app: "web",
  created: "2026-11-21T08:00:00.000Z",
  version: { repositoryName: "acme/web", sha: "a".repeat(40), branch: "main", event: "push" },
  committedAt: "2026-11-21T07:00:00Z",
  images: {},
  context: {},
  environments: [],
  items: [{ name: "own" }],
  vars: {},
});
const app = artifact.app as AppName;
const id = artifact.id as ArtifactId;

describe("a stored artifact", () => {
  it("keeps the items that were added later apart, by name", () => {
    const read = assembleArtifact(app, id, "x", { artifact, items: [{ name: "b" }, { name: "a", url: "u" }] });
    expect(read).toEqual({
      artifact,
      digest: digestOf(artifact),
      addedItems: [{ name: "a", url: "u" }, { name: "b" }],
    });
  });

  it("is not accepted in another's place", () => {
    expect(() => assembleArtifact("api" as AppName, id, "x", { artifact, items: [] })).toThrow(/in the place of/);
  });

  it("does not let an added item stand beside its own of that name", () => {
    expect(() => assembleArtifact(app, id, "x", { artifact, items: [{ name: "own" }] })).toThrow(/added item/);
  });
});

describe("pruning", () => {
  it("removes only what is beyond the newest and not to be kept", () => {
    const stamp = fc.integer({ min: 0, max: 999_999 }).map((n) => String(n).padStart(6, "0"));
    fc.assert(
      fc.property(fc.uniqueArray(stamp, { minLength: 190, maxLength: 230 }), fc.nat(), (stamps, pick) => {
        const ids = stamps.map((s) => `20260101t${s}z-000000000000` as ArtifactId);
        const keep = ids.filter((_, index) => index % 7 === pick % 7);
        const removed = new Set(idsToPrune(ids, ids[0] as ArtifactId, keep));
        const left = newestFirst(ids).filter((each) => !removed.has(each));
        expect(left).toEqual(
          newestFirst(ids).filter((each, index) => index < keptArtifacts || keep.includes(each) || each === ids[0]),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe("pruning without knowing what records name", () => {
  it("removes only what is far older", () => {
    const ids = Array.from({ length: keptUnknowing + 3 }, (_, n) => {
      return `20260101t${String(n).padStart(6, "0")}z-000000000000` as ArtifactId;
    });
    expect(idsToPrune(ids.slice(0, keptUnknowing), ids[0]!, undefined)).toEqual([]);
    expect(idsToPrune(ids, ids[0]!, undefined)).toEqual([ids[2], ids[1]]);
  });
});

describe("an item's file", () => {
  it("never leaves its folder, and differs for names that differ", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(itemFile(a)).toMatch(/^(?:[a-z0-9][a-z0-9._-]{0,99}|~[0-9a-f]{32})\.json$/);
        expect(itemFile(a) === itemFile(b)).toBe(a === b);
      }),
    );
    expect(itemFile("sbom.cdx")).toBe("sbom.cdx.json");
  });
});

it("two items are the same whatever the order of their keys", () => {
  expect(sameItem({ name: "a", url: "u", x: 1 } as never, { x: 1, url: "u", name: "a" } as never)).toBe(true);
  expect(sameItem({ name: "a" }, { name: "a", url: "u" })).toBe(false);
});

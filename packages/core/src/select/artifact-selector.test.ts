import { describe, expect, it } from "vitest";
import { parseArtifactSelector } from "./artifact-selector.ts";

describe("what names an artifact", () => {
  it.each([
    ["latest", "latest"],
    ["20261121t070000z-0123456789ab", "id"],
    [`sha256:${"a".repeat(64)}`, "digest"],
    ["out/artifact.json", "path"],
    ["artifact.json", "path"],
  ])("%s is a %s", (value, kind) => {
    expect(parseArtifactSelector(value).kind).toBe(kind);
  });

  it.each(["", "newest", "-x", "--/x", "sha256:abc", "20261121"])("%j is none", (value) => {
    expect(() => parseArtifactSelector(value)).toThrow(expect.objectContaining({ code: "input/artifact" }));
  });
});

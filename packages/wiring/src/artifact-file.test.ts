import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifactForTest } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { artifactFileReader, contentNamed, saveArtifact } from "./artifact-file.ts";
import type { Surroundings } from "./surroundings.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "glu-saved-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const artifact = artifactForTest(1);
const attempt = (n: number): Surroundings =>
  ({ context: { host: "github" }, temp: join(parent, `glu-attempt-${n}`), cwd: parent }) as unknown as Surroundings;

describe("the file of an artifact", () => {
  it("has the same path in every attempt, is whole, and is for this user alone", async () => {
    const first = await saveArtifact(artifact, attempt(1));
    expect(first).toBe(join(parent, "glu", artifact.app, `${artifact.id}.json`));
    expect(await saveArtifact(artifact, attempt(2))).toBe(first);
    expect(JSON.parse(readFileSync(first, "utf8"))).toEqual(artifact);
    expect(readdirSync(join(parent, "glu", artifact.app))).toHaveLength(1);
    if (process.platform !== "win32") expect(lstatSync(join(parent, "glu")).mode & 0o077).toBe(0);
  });

  it("is written through no link that somebody planted", async () => {
    const elsewhere = join(parent, "elsewhere");
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(parent, "glu"));
    const path = await saveArtifact(artifact, attempt(1));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(artifact);
    expect(path).toMatch(/glu-artifact-/);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe("what an artifact input stands for", () => {
  it("is the artifact, at whatever path its file lies", async () => {
    const read = artifactFileReader(parent);
    const path = await saveArtifact(artifact, attempt(1));
    expect(await contentNamed(path, read)).toBe(artifact.id);
    expect(await contentNamed("latest", read)).toBe("latest");
    expect(await contentNamed("./none.json", read)).toBe("./none.json");
  });
});

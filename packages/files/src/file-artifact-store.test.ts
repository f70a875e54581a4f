import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppName } from "@glu/core";
import { artifactForTest, artifactStoreContract } from "@glu/testing/internal";
import { afterEach, describe, expect, it } from "vitest";
import { openFileStore } from "./file-artifact-store.ts";

artifactStoreContract("a folder", async () => {
  const root = mkdtempSync(join(tmpdir(), "glu-files-"));
  const path = join(root, "not", "yet");
  return {
    open: async () => openFileStore(path),
    fill: async (artifacts) => {
      for (const artifact of artifacts) await openFileStore(path).put(artifact);
    },
    tamper: async (app, id, change) => {
      const file = join(path, app, id, "artifact.json");
      const artifact = JSON.parse(readFileSync(file, "utf8"));
      change(artifact);
      writeFileSync(file, JSON.stringify(artifact));
    },
    prunes: false,
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true }),
  };
});

describe("a folder of artifacts", () => {
  const root = mkdtempSync(join(tmpdir(), "glu-files-"));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("holds an artifact and its items where one expects them, and no drafts", async () => {
    const artifact = artifactForTest(1);
    const store = openFileStore(root);
    const file = join(root, "web", artifact.id, "artifact.json");
    expect(await store.put(artifact)).toEqual({ kind: "stored", ref: file });
    await store.put(artifact);
    await store.addItem("web" as AppName, artifact.id as never, { name: "sbom" });
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(
      [
        "web",
        `web/${artifact.id}`,
        `web/${artifact.id}/artifact.json`,
        `web/${artifact.id}/items`,
        `web/${artifact.id}/items/sbom.json`,
      ].sort(),
    );
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(artifact);
  });

  it("says that an artifact is malformed when its items are a file, or a folder is among them", async () => {
    const artifact = artifactForTest(1);
    const store = openFileStore(root);
    await store.put(artifact);
    const items = join(root, "web", artifact.id, "items");
    writeFileSync(items, "x");
    const malformed = { code: "artifact/malformed" };
    await expect(store.read("web" as AppName, [artifact.id as never])).rejects.toMatchObject(malformed);
    rmSync(items);
    mkdirSync(join(items, "a.json"), { recursive: true });
    await expect(store.read("web" as AppName, [artifact.id as never])).rejects.toMatchObject(malformed);
  });

  it("that is a file is refused with the reason", async () => {
    const path = join(tmpdir(), `glu-file-${process.pid}`);
    writeFileSync(path, "x");
    const error = { code: "store/unusable", kind: "usage", fix: expect.any(String) };
    await expect(openFileStore(path).put(artifactForTest(1))).rejects.toMatchObject(error);
    await expect(openFileStore(path).ids("web" as AppName)).rejects.toMatchObject(error);
    rmSync(path);
  });

  it("is never left through a name", async () => {
    const store = openFileStore(root);
    await expect(store.ids("../.." as AppName)).rejects.toMatchObject({ code: "input/app-name" });
    await expect(store.read("web" as AppName, ["../../x" as never])).rejects.toMatchObject({
      code: "input/artifact-id",
    });
  });
});

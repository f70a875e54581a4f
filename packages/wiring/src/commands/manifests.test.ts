import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readManifests } from "./manifests.ts";

const times = (name: string) => Array.from({ length: 10 }, () => `*${name}`).join(", ");
const bomb = `a: &a [1]\nb: &b [${times("a")}]\nc: &c [${times("b")}]\nd: [${times("c")}]\n`;

it.each([["app: *nobody\n"], [bomb]])(
  "a manifest whose aliases cannot be followed is a mistake in it: %j",
  async (text) => {
    const folder = mkdtempSync(join(tmpdir(), "glu-manifests-"));
    try {
      writeFileSync(join(folder, "a.yaml"), text);
      await expect(readManifests("a.yaml", folder)).rejects.toMatchObject({ code: "manifest/syntax" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

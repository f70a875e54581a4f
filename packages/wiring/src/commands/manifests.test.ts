import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
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

function manifestsOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "glu-manifests-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "a.yaml"), text);
  return readManifests("a.yaml", folder);
}

it("a manifest is kept as it stands, its policy too", async () => {
  expect(await manifestsOf("app: web\nenv: staging\npolicy: { branch: main }\nx-team: a\n")).toEqual([
    { app: "web", env: "staging", policy: { branch: "main" }, "x-team": "a" },
  ]);
});

it.each([
  ["gates: [{ soak: 1m }]", "manifest/acts"],
  ["command: [id]", "manifest/acts"],
  ["polcy: { branch: main }", "manifest/unknown-key"],
  ["policy: { brnch: main }", "manifest/policy"],
  ["namespace: ../other", "manifest/invalid"],
])("a manifest with %s is refused before there is an artifact, with its file and the fix", async (line, code) => {
  await expect(manifestsOf(`app: web\nenv: staging\n${line}\n`)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/^a\.yaml: The /),
    at: { file: "a.yaml" },
    fix: expect.stringMatching(/\S/),
  });
});

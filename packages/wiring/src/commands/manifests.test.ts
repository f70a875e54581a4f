import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
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
    message: expect.stringMatching(/^The /),
    at: { file: "a.yaml" },
    fix: expect.stringMatching(/\S/),
  });
});

it("values that contain themselves, several times at each level, are refused at once", async () => {
  await expect(
    manifestsOf("app: web\nenv: staging\nvalues: &v { a: *v, b: *v, c: *v, d: *v }\n"),
  ).rejects.toMatchObject({ code: "manifest/invalid" });
});

it("two manifests of an app for one environment are refused before there is an artifact; a preview's is another", async () => {
  await expect(manifestsOf("app: web\nenv: staging\n---\napp: web\nenv: staging\n")).rejects.toMatchObject({
    code: "manifest/duplicate",
    message: expect.stringContaining("of web for staging: in a.yaml"),
  });
  expect(await manifestsOf("app: web\nenv: staging\n---\napp: web\nenv: staging\npreview: true\n")).toHaveLength(2);
});

it("what an anchor has can be merged, as in glu.yaml", async () => {
  const text = "x-all: &all { app: web, env: staging }\n<<: *all\nvalues: { a: 1 }\n";
  expect(await manifestsOf(text)).toMatchObject([{ app: "web", env: "staging", values: { a: 1 } }]);
});

it.each(["chart: { name: one, version: 0.38 }", "namespace: {{ .NS }}", "namespace: 7"])(
  "%s is refused with the quotes that it needs, and nothing is said beside",
  async (line) => {
    const warned = vi.spyOn(process, "emitWarning");
    onTestFinished(() => warned.mockRestore());
    await expect(manifestsOf(`app: web\nenv: staging\n${line}\n`)).rejects.toMatchObject({
      code: "manifest/invalid",
      fix: expect.stringContaining("in quotes"),
    });
    expect(warned).not.toHaveBeenCalled();
  },
);

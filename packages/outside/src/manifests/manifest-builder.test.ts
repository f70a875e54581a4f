import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repoPath } from "@glu/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openManifestBuilder } from "./manifest-builder.ts";

// Programs that tell what they see; the real ones are run by test/preview-templates.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-builder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = (name: string, script: string) =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
const files = new Map([[repoPath("t/kustomization.yaml"), new TextEncoder().encode("resources: []\n")]]);
const run = { by: "kustomize", folder: "t" } as const;
const builder = (more: Record<string, string> = {}, limits = { milliseconds: 60_000, bytes: 10_000 }) =>
  openManifestBuilder({
    ...{ env: { PATH: folder, HOME: "/home/me", GLU_TOKEN: "secret", ...more }, temp: folder, limits },
    redact: (text) => text.replaceAll("secret", "***"),
  });
const left = () => readdirSync(folder).filter((name) => name.startsWith("glu-build-"));
/** Its last argument is the file that it writes. */
const last = "for file; do :; done\n";

describe("a builder of manifests", () => {
  it("runs a program in a folder with the given files alone, without the job's tokens and home, and removes it", async () => {
    program(
      "kustomize",
      `${last}{ echo "args: $1 $2 $3 $4"; echo "token: $GLU_TOKEN"; echo "home: $HOME"; echo files: *; } > "$file"\n`,
    );
    const made = new TextDecoder().decode(await builder().build({ files, run }));
    expect(made).toMatch(
      /^args: build t --load-restrictor LoadRestrictionsRootOnly\ntoken: \nhome: .*\/glu-build-.*\/home\nfiles: t\n$/,
    );
    expect(left()).toEqual([]);
  });

  it("takes the second program where the first is not there, and does not where that fails", async () => {
    program("kubectl", `${last}echo "by: kubectl" > "$file"\n`);
    expect(new TextDecoder().decode(await builder().build({ files, run }))).toBe("by: kubectl\n");
    program("kustomize", 'echo "no secret here" >&2\nexit 3\n');
    await expect(builder().build({ files, run })).rejects.toThrow(
      expect.objectContaining({ code: "preview/build", message: expect.stringContaining("no *** here") }),
    );
    expect(left()).toEqual([]);
  });

  it.each([
    ["preview/build", `${last}: > "$file"\n`, {}],
    ["preview/build", "exit 0\n", {}],
    ["preview/too-large", `${last}echo "more than ten bytes" > "$file"\n`, { bytes: 10 }],
    ["preview/slow-build", "while :; do :; done\n", { milliseconds: 100 }],
  ])("ends with %s, and leaves nothing behind: %j", async (code, script, limits) => {
    program("kustomize", script);
    const bounded = builder({}, { milliseconds: 60_000, bytes: 10_000, ...limits });
    await expect(bounded.build({ files, run })).rejects.toThrow(expect.objectContaining({ code }));
    expect(left()).toEqual([]);
  });

  it("names what is missing", async () => {
    await expect(builder().build({ files, run })).rejects.toThrow(
      expect.objectContaining({ code: "preview/no-program", seen: ["kustomize", "kubectl"] }),
    );
  });

  it("gives Helm its own settings and the way to a registry, and puts what it makes into one file in the order of paths", async () => {
    program(
      "helm",
      `${last}echo "b: $HELM_REGISTRY_CONFIG $HTTPS_PROXY $GLU_TOKEN" > "$file/b.yaml"\necho "a: $*" > "$file/a.yaml"\n`,
    );
    const chart = { name: "web", repository: "https://charts.example.com", version: "1.2.3" };
    const asked = { by: "helm", release: "web", namespace: "web-pr-7", chart, values: ["values/0.yaml"] } as const;
    const env = { HELM_REGISTRY_CONFIG: "/registry.json", HTTPS_PROXY: "http://proxy" };
    const made = new TextDecoder().decode(await builder(env).build({ files, run: asked }));
    expect(made).toMatch(
      /^a: template web web --repo https:\/\/charts\.example\.com --version 1\.2\.3 --values values\/0\.yaml --namespace web-pr-7 --skip-tests --output-dir .*\/made\n---\nb: \/registry\.json http:\/\/proxy \n$/,
    );
  });
});

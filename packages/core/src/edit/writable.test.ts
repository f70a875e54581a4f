import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repoPath } from "../model/names.ts";
import { assertWritable, nothingGuardedBelow } from "./writable.ts";

const config = repoPath("déploy/glu.yaml");
const forbidden = expect.objectContaining({ code: "edit/forbidden-path" });

describe("a path that write may change", () => {
  it.each([
    "apps/web/values.yaml",
    "apps",
    "github/x.yml",
    "gitlab",
    "glue/values.yaml",
    "glu.json",
    "a/.gitlab-ci.yml.d/x",
    "apps/Jenkinsfile",
    "apps/CODEOWNERS",
    "docs/index.yaml",
    "docs",
    "build/values.yaml",
    "builds.yaml",
    "travis/values.yaml",
    "azure/pipelines.yml",
    "drone/values.yaml",
    "déploy/values.yaml",
    "déploy",
  ])("is %s", (path) => {
    expect(() => assertWritable(repoPath(path), config)).not.toThrow();
  });

  const guarded: [why: string, paths: string[]][] = [
    ["Glu keeps its records there", [".glu", ".glu/web/staging.json", ".GLU/web/staging.json"]],
    [
      "it decides what CI runs",
      [
        ...[".github", ".github/workflows/promote.yml", ".GitHub/workflows/promote.yml", ".github/CODEOWNERS"],
        ...[".gitlab", ".gitlab/ci/x.yml", ".gitlab/CODEOWNERS", ".gitlab-ci.yml", ".gitlab-ci.yaml"],
        ...[".gitlab-ci.yml/x", ".gitlab-ci-build.yml", ".gitea", ".gitea/workflows/x.yml", ".forgejo"],
        ...[".forgejo/workflows/x.yml", ".bitbucket/CODEOWNERS", ".circleci", ".circleci/config.yml"],
        ...[".woodpecker", ".woodpecker/x.yaml", ".woodpecker.yml", ".woodpecker.yaml", ".buildkite/pipeline.yml"],
        ...[".tekton", ".tekton/push.yaml", ".semaphore/semaphore.yml", ".teamcity/settings.kts", ".harness/x.yaml"],
        ...[".builds/x.yml", ".build.yml", ".drone.yml", ".drone.yaml", ".drone.jsonnet", ".drone.star"],
        ...["Jenkinsfile", "jenkinsfile", "Jenkinsfile.release", "azure-pipelines.yml", "azure-pipelines.yaml"],
        ...["azure-pipelines-release.yml", ".azure-pipelines.yml", ".travis.yml", "appveyor.yml", ".appveyor.yml"],
        ...["bitbucket-pipelines.yml", "cloudbuild.yaml", "cloudbuild.json", "buildspec.yml", ".cirrus.yml"],
        ...[".cirrus.star", "codefresh.yml", "screwdriver.yaml"],
      ],
    ],
    ["it decides who may approve a change", ["CODEOWNERS", "codeowners", "docs/CODEOWNERS", "Docs/CodeOwners"]],
    [
      "it decides what is promoted",
      ["glu.yaml", "glu.yml", "glu.config.ts", "glu", "glu/gates.ts", "déploy/glu.yaml", "Déploy/GLU.yaml"],
    ],
  ];
  it.each(guarded.flatMap(([why, paths]) => paths.map((path) => [path, why])))("is not %s: %s", (path, why) => {
    expect(() => assertWritable(repoPath(path), config)).toThrow(forbidden);
    expect(() => assertWritable(repoPath(path), config)).toThrow(why);
  });

  it.each([
    ["an ignorable character", ".git\u200chub/workflows/x.yml"],
    ["a byte order mark", ".glu\ufeff/web/staging.json"],
    ["a dot at the end", ".github./workflows/x.yml"],
    ["a space at the end", "CODEOWNERS "],
    ["the Kelvin sign", ".build\u212aite/pipeline.yml"],
    ["a long s", "jenkin\u017ffile"],
    ["letters and marks apart", "de\u0301ploy/glu.yaml"],
  ])("is not one that a file system takes for another: %s", (_, path) => {
    expect(() => assertWritable(repoPath(path), config)).toThrow(forbidden);
  });

  const disguise = fc
    .constantFrom(...guarded.flatMap(([, paths]) => paths))
    .chain((path) =>
      fc
        .array(fc.record({ upper: fc.boolean(), before: fc.constantFrom("", "", "", "\u200d", "\ufe0f") }), {
          minLength: path.length,
          maxLength: path.length,
        })
        .map((how) =>
          [...path].map((char, at) => (how[at]?.before ?? "") + (how[at]?.upper ? char.toUpperCase() : char)).join(""),
        ),
    )
    .chain((path) =>
      fc
        .tuple(fc.constantFrom("NFC", "NFD", "NFKC", "NFKD"), fc.constantFrom("", ".", " ", ". ."), fc.boolean())
        .map(([form, end, below]) => `${path.normalize(form)}${end}${below ? "/x.yaml" : ""}`),
    );

  it("is no guarded one in any disguise that a file system sees through, and nothing below one", () => {
    fc.assert(
      fc.property(disguise, (path) => {
        expect(() => assertWritable(repoPath(path), config)).toThrow(forbidden);
      }),
      { numRuns: 1000 },
    );
  });

  it("is every one in an app's folder", () => {
    const part = fc.oneof(
      fc.constantFrom(".github", "CODEOWNERS", "glu.yaml", ".glu", "Jenkinsfile"),
      fc.stringMatching(/^[a-z]{1,5}$/),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        expect(() => assertWritable(repoPath(["apps", ...parts].join("/")), config)).not.toThrow();
      }),
    );
  });
});

describe("a folder with nothing guarded below it", () => {
  it.each(["apps", "apps/web", "docs/web", "déploy/web", "a/.github", "gitlab"])("is %s", (folder) => {
    expect(nothingGuardedBelow(folder, config)).toBe(true);
  });

  it.each([
    "",
    "docs",
    "Docs",
    "déploy",
    "Déploy",
    "déploy/glu.yaml",
    "déploy/glu.yaml/x",
    ".glu",
    ".GitHub",
    "glu",
    "codeowners",
  ])("is not %j", (folder) => {
    expect(nothingGuardedBelow(folder, config)).toBe(false);
  });

  it("holds no path that write may not change", () => {
    const part = fc.constantFrom(
      "apps",
      "docs",
      "codeowners",
      "déploy",
      "glu.yaml",
      ".github",
      ".glu",
      "glu",
      "web",
      "x",
    );
    const parts = fc.array(part, { minLength: 1, maxLength: 3 });
    let held = 0;
    fc.assert(
      fc.property(parts, parts, (above, below) => {
        if (!nothingGuardedBelow(above.join("/"), config)) return;
        held += 1;
        assertWritable(repoPath([...above, ...below].join("/")), config);
      }),
      { numRuns: 1000 },
    );
    expect(held).toBeGreaterThan(100);
  });
});

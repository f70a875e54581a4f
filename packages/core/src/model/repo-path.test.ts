import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertWritable } from "../edit/writable.ts";
import { UserError } from "../errors.ts";
import { type RepoPath, refName, repoPath } from "./names.ts";

const accepted = <T>(parse: (value: string) => T, value: string): T | undefined => {
  try {
    return parse(value);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return undefined;
  }
};

const part = fc.oneof(
  fc.constantFrom("..", ".", "", ".git", ".GIT", ".git.", ".git ", "git~1", ".glu", "-x", "a", "C:", "\\", "\n", "\0"),
  fc.string({ maxLength: 5 }),
);
const anyPath = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("/"));

describe("a path of the repository", () => {
  it("never leaves the repository, reaches into .git or looks like an option, whatever was given", () => {
    fc.assert(
      fc.property(anyPath, (given) => {
        const path = accepted(repoPath, given);
        if (path === undefined) return;
        const resolved = posix.resolve("/repository", path);
        expect(resolved).toBe(`/repository/${path}`);
        for (const one of path.split("/")) {
          expect(one.replace(/[. ]+$/, "").toLowerCase()).not.toBe(".git");
          expect(one.startsWith("-")).toBe(false);
        }
        expect([...path].some((letter) => letter < " " || letter === "\\")).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("is taken again as it came out", () => {
    fc.assert(
      fc.property(anyPath, (given) => {
        const path = accepted(repoPath, given);
        if (path !== undefined) expect(repoPath(path)).toBe(path);
      }),
    );
  });

  it.each([
    ...["", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "a//b", "a/./b", "a/", "C:\\x", "c:/x", "a\\b"],
    ...[
      ".git",
      ".git/config",
      "a/.GIT/config",
      ".git./x",
      ".git /x",
      "GIT~1/config",
      "-x",
      "a/-x",
      "a\nb",
      "a\0b",
      "\u007f",
    ],
  ])("is not %j", (given) => {
    expect(() => repoPath(given)).toThrow(expect.objectContaining({ code: "input/path" }));
  });

  it.each([
    "glu.yaml",
    "apps/web/values.yaml",
    "./a",
    ".gitignore",
    "a/.github",
    "git/x",
    "ä/ü",
    "a b/c",
    "...",
    "a..b",
  ])("may be %j", (given) => {
    expect(repoPath(given)).toBe(given.replace(/^\.\//, ""));
  });
});

describe("a write", () => {
  it.each([
    ...[".glu/web/staging.json", ".GLU/web/staging.json", ".glu/_freeze/all.json", "glu.yaml", "GLU.YAML"],
    ...[".github/workflows/x.yml", ".GitHub/CODEOWNERS", ".gitlab-ci.yml", ".gitlab-ci.yaml", ".GITLAB-CI.yml"],
    ...[".gitlab/ci/x.yml", ".gitea/workflows/x.yml", ".forgejo/workflows/x.yml"],
  ])("never touches %s", (path) => {
    expect(() => assertWritable(path as RepoPath, "glu.yaml" as RepoPath)).toThrow(
      expect.objectContaining({ code: "edit/forbidden-path" }),
    );
  });

  it.each(["apps/web/values.yaml", "apps/.glu/x.yaml", "apps/glu.yaml", "docs/.github/x.yml"])(
    "may touch %s",
    (path) => {
      expect(() => assertWritable(path as RepoPath, "glu.yaml" as RepoPath)).not.toThrow();
    },
  );
});

describe("a ref", () => {
  it("has no control character, no space, no option and nothing that Git would read as more than a name", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyPath), (given) => {
        const ref = accepted(refName, given);
        if (ref === undefined) return;
        expect(ref.startsWith("refs/")).toBe(true);
        expect(ref).not.toMatch(/[\s~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.lock$/);
        expect([...ref].some((letter) => letter <= " " || letter === "\u007f")).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "",
    "-",
    "-x",
    "--upload-pack=x",
    "a b",
    "a\nb",
    "a..b",
    "a~1",
    "a^",
    "a:b",
    "@",
    "a@{1}",
    "refs/heads/../x",
    "x.lock",
    "a/.b",
  ])("is not %j", (given) => {
    expect(() => refName(given)).toThrow(expect.objectContaining({ code: "input/ref" }));
  });
});

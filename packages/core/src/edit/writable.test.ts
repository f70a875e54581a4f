import { describe, expect, it } from "vitest";
import { repoPath } from "../model/names.ts";
import { assertWritable } from "./writable.ts";

const config = repoPath("deploy/glu.yaml");

describe("a path that write may change", () => {
  it.each(["apps/web/values.yaml", "github/x.yml", "glu/values.yaml".replace("glu/", "glue/"), "a/.gitlab-ci.yml.d/x"])(
    "is %s",
    (path) => {
      expect(() => assertWritable(repoPath(path), config)).not.toThrow();
    },
  );

  it.each([
    ".glu/web/staging.json",
    ".GLU/web/staging.json",
    ".github/workflows/promote.yml",
    ".GitHub/workflows/promote.yml",
    ".gitlab-ci.yml",
    ".gitlab/ci/x.yml",
    ".gitea/workflows/x.yml",
    ".forgejo/workflows/x.yml",
    "glu.yaml",
    "glu.config.ts",
    "glu/gates.ts",
    "deploy/glu.yaml",
  ])("is not %s", (path) => {
    expect(() => assertWritable(repoPath(path), config)).toThrow(
      expect.objectContaining({ code: "edit/forbidden-path" }),
    );
  });
});

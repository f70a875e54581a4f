import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "./files.ts";
import { fill } from "./markers.ts";

const root = join(import.meta.dirname, "../../../..");
const present = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;

describe("generated files", () => {
  it.each(generatedFiles.map((file) => [file.path, file] as const))("%s is up to date", (path, file) => {
    const now = present(path);
    expect(now, 'run "npm run generate"').toBe(file.content(now));
  });

  it("include an action, a component and a page for each command that has them", () => {
    expect(generatedFiles.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "action.yml",
        "actions/build-artifact/action.yml",
        "actions/promote/action.yml",
        "gitlab/templates/build-artifact.yml",
        "gitlab/templates/promote.yml",
        "docs/cli.md",
        "schemas/artifact.schema.json",
      ]),
    );
  });
});

describe("fill", () => {
  const document = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n";

  it("replaces what is between the markers and nothing else", () => {
    expect(fill(document, "f", { x: "new" })).toBe("a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n");
  });

  it("changes nothing the second time", () => {
    const once = fill(document, "f", { x: "new $& $1" });
    expect(fill(once, "f", { x: "new $& $1" })).toBe(once);
  });

  it("fails when the markers are not there", () => {
    expect(() => fill("a", "README.md", { x: "" })).toThrow("README.md lacks");
  });
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes } from "../golden/scenarios.ts";
import { diffFile } from "./file-diff.ts";
import { shownLines, withoutLines } from "./shown-lines.ts";

const change = (before: string | undefined, after: string | undefined) => ({
  path: "apps/web/values.yaml",
  before: before === undefined ? undefined : bytes(before),
  after: after === undefined ? undefined : bytes(after),
});

/** What the diff makes of `before`: reads hunks as patch(1) does. */
function apply(before: string, lines: readonly string[]): string {
  const source = before === "" ? [] : before.replace(/\n$/, "").split("\n");
  const made: string[] = [];
  let at = 0;
  let final = before === "" || before.endsWith("\n");
  let last = "";
  for (const line of lines.slice(2)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk !== null && last !== "in") {
      const start = hunk[2] === "0" ? Number(hunk[1]) : Number(hunk[1]) - 1;
      while (at < start) made.push(source[at++] ?? "");
      continue;
    }
    if (line.startsWith("\\")) final = last === "-";
    else if (line.startsWith("-")) {
      expect(source[at++]).toBe(line.slice(1));
      if (at === source.length) final = true;
    } else {
      made.push(line.slice(1));
      if (line.startsWith(" ")) expect(source[at++]).toBe(line.slice(1));
    }
    last = line[0] ?? "";
  }
  const untouched = at < source.length;
  while (at < source.length) made.push(source[at++] ?? "");
  if (untouched) final = before.endsWith("\n");
  return made.length === 0 ? "" : made.join("\n") + (final ? "\n" : "");
}

describe("diffFile", () => {
  test("is what git diff prints", () => {
    const folder = mkdtempSync(join(tmpdir(), "glu-diff-"));
    try {
      const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\r\nk\nl\n";
      const after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nJ\r\nk\nl";
      writeFileSync(join(folder, "before"), before);
      writeFileSync(join(folder, "after"), after);
      let printed = "";
      try {
        execFileSync("git", ["diff", "--no-index", "--no-color", "--", "before", "after"], { cwd: folder });
      } catch (error) {
        // git diff --no-index exits with 1 when the files differ.
        printed = String((error as { stdout: Buffer }).stdout);
      }
      const hunks = printed.slice(printed.indexOf("@@")).replace(/^(@@ .* @@).*$/gm, "$1");
      expect(`${diffFile(change(before, after)).lines.slice(2).join("\n")}\n`).toBe(hunks);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("leads from the file before to the file after", () => {
    const text = fc
      .array(fc.constantFrom("a", "b: 1", "c\r", "", "--- x", "@@ -1 +1 @@", "é"), { maxLength: 30 })
      .map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(apply(before, diffFile(change(before, after)).lines)).toBe(after);
      }),
    );
  });

  test("names a created file and a deleted one as git does", () => {
    expect(diffFile(change(undefined, "a\n"))).toMatchObject({
      kind: "created",
      lines: ["--- /dev/null", "+++ b/apps/web/values.yaml", "@@ -0,0 +1 @@", "+a"],
    });
    expect(diffFile(change("a\n", undefined))).toMatchObject({
      kind: "deleted",
      lines: ["--- a/apps/web/values.yaml", "+++ /dev/null", "@@ -1 +0,0 @@", "-a"],
    });
  });

  test("says the sizes of what is not text", () => {
    const diff = diffFile({ path: "x", before: new Uint8Array([0, 1]), after: new Uint8Array([255, 254, 253]) });
    expect(diff).toMatchObject({ content: "binary", lines: [] });
    expect(withoutLines(diff)).toBe("Not text: 2 → 3 bytes.");
  });

  test("gives up on files that have nothing in common, in time", () => {
    const lines = (name: string) => Array.from({ length: 30_000 }, (_, index) => `${name} ${index}\n`).join("");
    expect(diffFile(change(lines("a"), lines("b"))).content).toBe("vast");
  });

  test("shows line ends and byte order marks that changed", () => {
    const { lines } = shownLines(diffFile(change("a\r\n", "\ufeffa\n")), 10);
    expect(lines.slice(3)).toEqual(["-a\\r", "+\ufeffa"]);
  });

  test("counts the lines that are left out", () => {
    const diff = diffFile(change("", Array.from({ length: 1500 }, () => "a\n").join("")));
    expect(shownLines(diff, 100)).toMatchObject({ left: "1,403 more lines of this diff left out" });
    expect(shownLines(diff, 100).lines).toHaveLength(100);
  });
});

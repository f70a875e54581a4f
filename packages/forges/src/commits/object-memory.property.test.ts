import type { Change, RepoPath } from "@glu/core";
import { BareFixture, GitObjects } from "@glu/testing/internal";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { splitMessage } from "./carries.ts";
import { ObjectMemory } from "./object-memory.ts";

const names = ["a", "a.b", "a-b", "ab", "ü", "名"];
const files = fc.uniqueArray(
  fc.record({
    // No name is a folder's and a file's: that is refused before.
    path: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map(([folder, name]) => `${folder}/f-${name}`),
    text: fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
    executable: fc.option(fc.boolean(), { nil: undefined }),
  }),
  { selector: ({ path }) => path, minLength: 1, maxLength: 8 },
);

const fixture = new BareFixture({ seed: { README: "x" } });
const objects = new GitObjects(fixture.path);
afterAll(() => fixture[Symbol.dispose]());

/** All folders of a tree, as an answer tells them. */
function keep(memory: ObjectMemory, id: string): void {
  const tree = objects.find(id);
  if (tree?.type !== "tree") return;
  // In any order: that of a tree is Git's own.
  expect(memory.keepTree(id as never, [...tree.entries].reverse() as never)).toBe(true);
  for (const entry of tree.entries) keep(memory, entry.id);
}

it("knows the tree that Git makes of changes, before Git has made it", () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  fc.assert(
    fc.property(files, files, (there, changes) => {
      const write = (base: string | undefined, all: typeof there, modeOf: (path: string, is?: boolean) => string) =>
        objects.treeWith(
          base,
          all
            .filter(({ path, text }) => text !== undefined || (base !== undefined && objects.find(`${base}:${path}`)))
            .map(({ path, text, executable }) => ({
              path,
              mode: modeOf(path, executable),
              id: text === undefined ? undefined : objects.blob(bytes(text)),
            })),
        );
      const root = write(undefined, there, (_, executable) => (executable ? "100755" : "100644"));
      const memory = new ObjectMemory();
      keep(memory, root);
      const was = (path: string) => fixture.git("ls-tree", root, "--", path).startsWith("100755");
      const expected = write(root, changes, (path, executable = was(path)) => (executable ? "100755" : "100644"));
      const meant = changes.map(({ path, text, executable }): Change => {
        const content = text === undefined ? undefined : bytes(text);
        return { path: path as RepoPath, content, ...(executable === undefined ? {} : { executable }) };
      });
      expect(memory.treeAfter(root as never, meant)).toBe(expected);
    }),
    { numRuns: 25 },
  );
});

it("takes no folder with an entry too few or another, and no file with another content", () => {
  const memory = new ObjectMemory();
  const tree = objects.find("main^{tree}");
  if (tree?.type !== "tree") throw new Error("There is no tree.");
  expect(memory.keepTree(tree.id as never, [])).toBe(false);
  expect(memory.keepTree(tree.id as never, [{ ...tree.entries[0]!, mode: 0o100755 }] as never)).toBe(false);
  expect(memory.tree(tree.id as never)).toBeUndefined();
  expect(memory.keepBlob(tree.entries[0]!.id as never, new Uint8Array(Buffer.from("y")))).toBe(false);
  expect(memory.keepBlob(tree.entries[0]!.id as never, new Uint8Array(Buffer.from("x")))).toBe(true);
});

it("splits no message that GitHub would put together to another one", () => {
  const lines = fc.array(fc.oneof(fc.constantFrom("", " ", "Glu-App: web", "\r", "a "), fc.string({ maxLength: 5 })));
  fc.assert(
    fc.property(lines, (all) => {
      const message = all.join("\n");
      const split = splitMessage(message);
      if (split === undefined) return;
      const trimmed = [split.headline.trim(), split.body.trim()].filter((part) => part !== "");
      expect(trimmed.join("\n\n")).toBe(message.replace(/\n+$/, ""));
    }),
    { numRuns: 2000 },
  );
  expect(splitMessage("Promote web\n\n\nBody\n")).toBeUndefined();
  expect(splitMessage("Promote web\n\nBody\n\nGlu-App: web\n")).toEqual({
    headline: "Promote web",
    body: "Body\n\nGlu-App: web",
  });
});

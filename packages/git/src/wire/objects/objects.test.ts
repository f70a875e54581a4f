import { execFileSync } from "node:child_process";
import type { RepoPath, Sha } from "@glu/core";
import { BareFixture, plainGitEnvironment } from "@glu/testing/internal";
import fc from "fast-check";
import { expect, it } from "vitest";
import { importStream } from "../../binary/fast-import.ts";
import { readCommit } from "../../objects/commit.ts";
import type { NewFile } from "../../remote/remote.ts";
import { objectId } from "../pack/object.ts";
import { writePack } from "../pack/write-pack.ts";
import { editTree } from "./edit-tree.ts";
import { writeCommit } from "./write-commit.ts";

const git = (cwd: string, args: string[], input: string | Buffer = "") =>
  execFileSync("git", args, { cwd, env: plainGitEnvironment, input, maxBuffer: 1 << 28 });

// Names that sort differently as a file and as a folder, beside each other.
const name = fc.constantFrom("a", "a.b", "a-", "a0", "b", "ü", "名前", " ", "c d", "z~", "A");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/") as RepoPath);
const content = fc.string({ maxLength: 30 });

/** Paths of which none is a folder of another. */
const compatible = (paths: RepoPath[]) => paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));

it("an edited tree and its commit are, object by object, those that git fast-import makes", {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(), fc.option(content), fc.boolean()), { minLength: 1, maxLength: 5 }),
      fc.string({ maxLength: 60 }),
      (all, edits, message) => {
        const paths = compatible(all);
        const [seeded, added] = [paths.slice(0, Math.ceil(paths.length / 2)), paths];
        using bare = new BareFixture({ seed: Object.fromEntries(seeded.map((one) => [one, `was ${one}`])) });
        const files = new Map<RepoPath, NewFile>();
        for (const [at, text, executable] of edits) {
          const one = added[at % added.length]!;
          files.set(one, { path: one, content: text === null ? undefined : Buffer.from(text), executable });
        }
        const parent = bare.git("rev-parse", "main") as Sha;
        const by = { name: "Ada <x>", email: "ada@test.invalid" };
        const common = { parent, author: by, committer: by, seconds: 1_790_000_000, message };
        const list = [...files.values()];
        git(
          bare.path,
          ["fast-import", "--quiet", "--force"],
          importStream({ ...common, ref: "refs/heads/git", files: list }),
        );

        const read = (id: Sha) => git(bare.path, ["cat-file", "tree", id]);
        const { root, objects } = editTree(bare.git("rev-parse", "main^{tree}") as Sha, list, read);
        const commit = writeCommit({ ...common, tree: root });
        const id = objectId(commit);
        expect(id).toBe(bare.git("rev-parse", "refs/heads/git"));
        // The pack brings all that is new: a repository that has the parent has the whole commit.
        git(bare.path, ["index-pack", "--stdin", "--fix-thin"], writePack([{ object: commit }, ...objects]));
        bare.git("update-ref", "refs/heads/ours", id);
        expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
        expect(readCommit(git(bare.path, ["cat-file", "commit", id]))).toMatchObject({ tree: root, parents: [parent] });
      },
    ),
    { numRuns: 25 },
  );
});

it("a large flat folder goes as a few hundred bytes", () => {
  const seed = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`apps/app-${index}.yaml`, `${index}`]));
  using bare = new BareFixture({ seed });
  const file = { path: "apps/app-1500.yaml" as RepoPath, content: Buffer.from("new"), executable: false };
  const root = bare.git("rev-parse", "main^{tree}") as Sha;
  const { objects } = editTree(root, [file], (id) => git(bare.path, ["cat-file", "tree", id]));
  expect(writePack(objects).length).toBeLessThan(400);
});

it("entries that are not touched stay as they are, modes of old Gits included", () => {
  using bare = new BareFixture({ seed: { f: "1" } });
  const blob = bare.git("rev-parse", "main:f");
  const raw = Buffer.concat([
    ...["100664 group", "160000 module", "120000 link", "100755 run"].map((entry) =>
      Buffer.concat([Buffer.from(`${entry}\0`), Buffer.from(blob, "hex")]),
    ),
  ]);
  const id = objectId({ type: "tree", content: raw });
  const file = { path: "zz" as RepoPath, content: Buffer.from("x"), executable: false };
  const { objects } = editTree(id, [file], () => raw);
  expect(objects.at(-1)?.object.content.subarray(0, raw.length).equals(raw)).toBe(false); // sorted, as Git wants it
  for (const entry of ["100664 group", "160000 module", "120000 link", "100755 run", "100644 zz"]) {
    expect(objects.at(-1)?.object.content.includes(`${entry}\0`)).toBe(true);
  }
});

it("a commit tells its author and message also in an old encoding", () => {
  const header =
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor J\xf6 <j@x> 1 +0000\ncommitter J <j@x> 2 +0100\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n";
  expect(readCommit(Buffer.from(header, "latin1"))).toEqual({
    tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    parents: [],
    seconds: 2,
    author: { name: "Jö", email: "j@x" },
    message: "Grüße\n",
  });
});

it.each([
  ["a time zone that is none", "committer J <j@x> 7 +051800", 7],
  ["no time", "committer J <j@x>", 0],
  ["no committer", "x y", 0],
])("a commit with %s, as old tools wrote them, is read all the same", (_what, line, seconds) => {
  const header = `tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor J <j@x> 1 +0000\n${line}\n\nm\n`;
  expect(readCommit(Buffer.from(header))).toMatchObject({
    seconds,
    author: { name: "J", email: "j@x" },
    message: "m\n",
  });
});

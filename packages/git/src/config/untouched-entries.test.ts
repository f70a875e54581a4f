import { type Change, type RefName, type RepoPath, repoPath } from "@glu/core";
import { BareFixture, plainGitEnvironment, realClock, type Seed } from "@glu/testing/internal";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

const seed: Seed = {
  "run.sh": { content: Buffer.from("x"), executable: true },
  a: "1",
  "b/c": "2",
  "b/d/e": "3",
  "b/d/f": "4",
  link: { kind: "symlink", content: Buffer.from("a") },
  "sub/module": { kind: "submodule" },
  "z-last": "5",
};

const part = fc.oneof(
  fc.constantFrom("a", "b", "c", "d", "é", "x y", '"q"', "*.txt", "[g]", ":top", "new", "link", "run.sh"),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const change = fc.record({
  path: path.filter((each) => {
    try {
      return repoPath(each) === each && Buffer.from(each).toString() === each;
    } catch {
      return false;
    }
  }),
  content: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
});

describe("a commit", () => {
  let bare: BareFixture;
  beforeAll(() => {
    bare = new BareFixture({ seed });
  });
  afterAll(() => bare[Symbol.dispose]());

  it("changes exactly the entries it names, whatever they are called", { timeout: 60_000 }, async () => {
    const branch = "refs/heads/main" as RefName;
    await using config = await openConfigRepository({
      location: bare.path,
      branch,
      env: plainGitEnvironment,
      temp: bare.root,
      clock: realClock,
    });
    const property = fc.asyncProperty(
      fc.uniqueArray(change, { minLength: 1, maxLength: 5, selector: (each) => each.path }),
      async (drawn) => {
        const changes = drawn as Change[];
        const tip = await config.open();
        let outcome: Awaited<ReturnType<typeof config.commit>>;
        try {
          outcome = await config.commit(tip, { message: "m", changes });
        } catch (error) {
          expect(error).toMatchObject({ code: "repository/path-conflict" });
          expect(bare.git("rev-parse", branch)).toBe(tip.commit);
          return;
        }
        expect(outcome).toEqual({ kind: "committed", commit: bare.git("rev-parse", branch) });
        const changed = bare.git("diff-tree", "-r", "-z", "--no-renames", "--name-only", tip.commit, branch);
        const named = new Set<string>(changes.map((each) => each.path));
        expect(changed.split("\0").filter((each) => each !== "" && !named.has(each))).toEqual([]);
        const after = await (await config.open()).read(changes.map((each) => each.path as RepoPath));
        for (const { path: at, content } of changes) {
          const file = after.get(at);
          expect(file && [...file.content]).toEqual(content && [...content]);
        }
      },
    );
    await fc.assert(property, { numRuns: 25 });
    expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
    expect(bare.git("ls-tree", branch, "sub/module", "link")).toMatch(/160000.*\n?.*120000|120000.*\n?.*160000/s);
  });
});

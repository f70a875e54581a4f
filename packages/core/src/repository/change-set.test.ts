import { describe, expect, it } from "vitest";
import type { RepoPath } from "../model/names.ts";
import type { Change, EntryAt } from "../ports/config-repository.ts";
import { checkChanges, pathsToCheck } from "./change-set.ts";

const write = (path: string): Change => ({ path: path as RepoPath, content: new Uint8Array() });
const remove = (path: string): Change => ({ path: path as RepoPath, content: undefined });
const tree: Record<string, EntryAt["kind"]> = { a: "folder", "a/f": "file", link: "symlink", sub: "submodule" };
const check = (...changes: Change[]) => checkChanges(changes, (path) => tree[path]);

describe("a set of changes", () => {
  it("asks about each path and the folders above it", () => {
    expect(pathsToCheck([write("a/b/c"), write("a/d")])).toEqual(["a/b/c", "a", "a/b", "a/d"]);
  });

  it("may write and delete files, and create folders", () => {
    expect(() => check(write("a/f"), write("new/deep/f"), remove("a/none"))).not.toThrow();
  });

  it.each([
    ["a folder", write("a")],
    ["a folder's deletion", remove("a")],
    ["below a file", write("a/f/g")],
    ["a symbolic link", write("link")],
    ["below a symbolic link", write("link/f")],
    ["a submodule's deletion", remove("sub")],
    ["inside a submodule", write("sub/f")],
  ])("is refused for %s", (_, change) => {
    expect(() => check(change)).toThrow(expect.objectContaining({ code: "repository/path-conflict" }));
  });

  it("is refused when it makes one path a file and a folder", () => {
    expect(() => check(write("n"), write("n/m"))).toThrow(
      expect.objectContaining({ code: "repository/path-conflict" }),
    );
  });

  it("is a bug when it is empty or names a path twice", () => {
    expect(() => check()).toThrow(/without changes/);
    expect(() => check(write("x"), remove("x"))).toThrow(/Two changes/);
  });
});

import { describe, expect, it } from "vitest";
import type { Sha } from "../model/names.ts";
import { MemoryRepository } from "../test-kit/memory.ts";
import { isIn } from "./is-in.ts";

async function line(length: number) {
  const repository = new MemoryRepository({});
  for (let count = 1; count < length; count++) repository.push(`Commit ${count}`, []);
  const commits = repository.commits.map(({ id }) => id as Sha);
  return { tip: await repository.open(), commits };
}

describe("whether a revision has a commit", () => {
  it.each([1, 3, 120])(
    "is so of the commit itself and all that came after it, of %i commits behind it",
    async (behind) => {
      const { tip, commits } = await line(behind + 5);
      const own = commits[2] as Sha;
      for (const [index, commit] of commits.entries()) {
        const expected = index >= 2;
        expect(await isIn(commit, own, tip)).toBe(expected);
        expect(await isIn(`main@sha1:${commit}`, own, tip)).toBe(expected);
        expect(await isIn(`refs/heads/main/${commit.slice(0, 10)}`, own, tip)).toBe(expected);
      }
    },
  );

  it("is not known of what names no commit of the branch", async () => {
    const { tip, commits } = await line(4);
    const own = commits[1] as Sha;
    for (const revision of ["main", "1.2.3", "", "f".repeat(40), "HEAD", commits[1]!.slice(0, 6)]) {
      expect(await isIn(revision, own, tip)).toBeUndefined();
    }
  });
});

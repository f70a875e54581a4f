import type { RepoPath } from "@glu/core";
import { MemoryRepository } from "@glu/simulation";
import { describe, expect, it } from "vitest";
import { configRepositoryContract } from "../contract/config-repository-contract.ts";

configRepositoryContract("memory", async (seed) => {
  const repository = new MemoryRepository({ seed });
  return { open: async () => repository.open(), [Symbol.asyncDispose]: async () => {} };
});

describe("faults of the repository in memory", () => {
  const change = { message: "m", changes: [{ path: "a" as RepoPath, content: new Uint8Array([1]) }] };

  it("loses as often as it is told to, each time to another's commit", async () => {
    const repository = new MemoryRepository();
    const config = repository.open();
    repository.loseNext(2);
    expect(await config.commit(await config.open(), change)).toEqual({ kind: "lost" });
    expect(await config.commit(await config.open(), change)).toEqual({ kind: "lost" });
    expect((await config.commit(await config.open(), change)).kind).toBe("committed");
    expect(repository.log()).toHaveLength(4);
  });

  it.each([true, false])("leaves the outcome unclear, landed: %s", async (landed) => {
    const repository = new MemoryRepository();
    const config = repository.open();
    repository.unclearNext(landed);
    await expect(config.commit(await config.open(), change)).rejects.toMatchObject({ code: "repository/unclear" });
    expect(repository.files().has("a")).toBe(landed);
  });
});

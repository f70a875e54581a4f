import { BareFixture, plainGitEnvironment, realClock } from "@glu/testing";
import { expect, it } from "vitest";
import { readDefaultBranch } from "./default-branch.ts";

it.each([{ branch: "trunk/ü" }, { branch: "main", sha256: true }])(
  "the default branch is the server's: %o",
  async (options) => {
    using bare = new BareFixture({ seed: { a: "1" }, ...options });
    const remote = { location: bare.path, env: plainGitEnvironment, temp: bare.root, clock: realClock };
    expect(await readDefaultBranch(remote)).toBe(`refs/heads/${options.branch}`);
  },
);

it("an empty repository has no default branch", async () => {
  using bare = new BareFixture();
  const remote = { location: bare.path, env: plainGitEnvironment, temp: bare.root, clock: realClock };
  await expect(readDefaultBranch(remote)).rejects.toMatchObject({ code: "repository/no-branch" });
});

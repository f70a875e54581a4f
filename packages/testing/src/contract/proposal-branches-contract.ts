import type { Commit, ConfigRepository, RefName, RepoPath, Sha, Snapshot } from "@glu/core";
import { describe, expect, it } from "vitest";
import type { ConfigRepositoryFixture } from "./config-repository-contract.ts";

const commitOf = (message: string, path: string, text: string): Commit => ({
  message,
  changes: [{ path: path as RepoPath, content: new Uint8Array(Buffer.from(text)) }],
});

/** What the branches of proposals must do beside a config repository that has `apps/web/values.yaml`. */
export function proposalBranchesContract(create: () => Promise<ConfigRepositoryFixture>): void {
  const using = async (test: (config: ConfigRepository, at: ConfigRepositoryFixture) => Promise<void>) => {
    await using fixture = await create();
    await using config = await fixture.open();
    await test(config, fixture);
  };

  describe("a proposal's branch", () => {
    const branch = "refs/heads/glu/production/web" as RefName;
    const change = commitOf("Propose\n\nGlu-App: web\n", "apps/web/values.yaml", "image: c\n");

    it("carries one commit on the tip that it was decided on, and leaves the config branch alone", () =>
      using(async (config, fixture) => {
        const tip = await config.open();
        expect(await config.proposals.read(branch)).toBeUndefined();
        const done = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        expect(done).toMatchObject({ kind: "committed", commit: expect.stringMatching(/^[0-9a-f]{40,64}$/) });
        await using other = await fixture.open();
        expect(await other.proposals.read(branch)).toEqual({
          commit: done.kind === "committed" ? done.commit : "",
          message: expect.stringMatching(/^Propose\n\nGlu-App: web\nGlu-Seal: [0-9a-f]{64}\n$/),
          byGlu: true,
        });
        expect((await other.open()).commit).toBe(tip.commit);
      }));

    it("is written over on a newer tip, and only by who knows what is there", () =>
      using(async (config) => {
        const tip = await config.open();
        const first = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        const at = first.kind === "committed" ? first.commit : undefined;
        await config.commit(tip, commitOf("meanwhile", "other", "1"));
        const newer = await config.open();
        const writeOver = (replaces: Sha | undefined, message = "Propose again\n") => {
          const commit = commitOf(message, "apps/web/values.yaml", "image: d\n");
          return config.proposals.write(branch, { onto: newer, commit, replaces });
        };
        expect(await writeOver(undefined)).toEqual({ kind: "lost" });
        expect(await writeOver(newer.commit)).toEqual({ kind: "lost" });
        expect((await config.proposals.read(branch))?.commit).toBe(at);
        expect(await writeOver(at)).toMatchObject({ kind: "committed" });
        expect(await writeOver(at, "And again\n")).toEqual({ kind: "lost" });
        expect(await config.proposals.read(branch)).toMatchObject({
          byGlu: true,
          message: expect.stringMatching(/^Propose again\n/),
        });
      }));

    it("brings what it changes since it left the config branch, whatever was changed there since", () =>
      using(async (config) => {
        const tip = await config.open();
        const both = {
          message: "Propose\n",
          changes: [...change.changes, ...commitOf("", "new/deep/file", "1").changes],
        };
        await config.proposals.write(branch, { onto: tip, commit: both, replaces: undefined });
        await config.commit(tip, commitOf("meanwhile", "apps/api/values.yaml", "image: z\n"));
        const newer = await config.open();
        const brought = await config.proposals.brings(branch, newer);
        expect([...(brought?.paths ?? [])].sort()).toEqual(["apps/web/values.yaml", "new/deep/file"]);
        expect(brought).toMatchObject({ byGlu: true, base: { commit: tip.commit }, head: { branch } });
        const [newest, before] = (await brought?.head.log(2)) ?? [];
        expect(newest).toMatchObject({ commit: brought?.head.commit, message: expect.stringContaining("Propose") });
        expect(before?.commit).toBe(tip.commit);
        const text = async (at: Snapshot | undefined) =>
          Buffer.from(
            (await at?.read(["apps/web/values.yaml" as RepoPath]))?.values().next().value?.content ?? [],
          ).toString();
        expect(await text(brought?.head)).toBe("image: c\n");
        expect(await text(brought?.base)).toBe("image: a\n");
        expect(await config.proposals.brings("refs/heads/glu/production/none" as RefName, newer)).toBeUndefined();
      }));

    it("brings what was written last, also where it was read and listed before", () =>
      using(async (config) => {
        const tip = await config.open();
        const first = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        const at = first.kind === "committed" ? first.commit : undefined;
        expect((await config.proposals.read(branch))?.commit).toBe(at);
        await config.proposals.list("refs/heads/glu/");
        const commit = commitOf("Propose again\n", "apps/web/values.yaml", "image: d\n");
        const second = await config.proposals.write(branch, { onto: tip, commit, replaces: at });
        const brought = await config.proposals.brings(branch, tip);
        expect(second).toMatchObject({ kind: "committed", commit: brought?.head.commit });
        await config.proposals.remove(branch, brought?.head.commit as Sha);
        expect(await config.proposals.brings(branch, tip)).toBeUndefined();
      }));

    it("is listed with where it points to, and others are not", () =>
      using(async (config) => {
        const tip = await config.open();
        expect([...(await config.proposals.list("refs/heads/glu/"))]).toEqual([]);
        const done = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        const at = done.kind === "committed" ? done.commit : undefined;
        expect([...(await config.proposals.list("refs/heads/glu/"))]).toEqual([[branch, at]]);
        expect([...(await config.proposals.list("refs/heads/glu/staging/"))]).toEqual([]);
      }));

    it("is removed, and may then be written again", () =>
      using(async (config) => {
        const tip = await config.open();
        const first = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        await config.proposals.remove(branch, first.kind === "committed" ? first.commit : ("" as Sha));
        expect(await config.proposals.read(branch)).toBeUndefined();
        const second = await config.proposals.write(branch, { onto: tip, commit: change, replaces: undefined });
        expect(second.kind).toBe("committed");
      }));
  });
}

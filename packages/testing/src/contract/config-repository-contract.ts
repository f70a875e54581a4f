import { setTimeout as sleep } from "node:timers/promises";
import type { Change, Commit, ConfigRepository, RepoPath, Snapshot } from "@glu/core";
import type { Seed } from "@glu/simulation";
import { describe, expect, it } from "vitest";
import { proposalBranchesContract } from "./proposal-branches-contract.ts";

/** One repository with its branch, and ways to it. */
export interface ConfigRepositoryFixture extends AsyncDisposable {
  /** Opens it independently, as another process would. */
  open(): Promise<ConfigRepository>;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const at = (path: string): RepoPath => path as RepoPath;
const write = (path: string, content: string | Uint8Array, executable?: boolean): Change => ({
  path: at(path),
  content: typeof content === "string" ? bytes(content) : content,
  ...(executable === undefined ? {} : { executable }),
});
const remove = (path: string): Change => ({ path: at(path), content: undefined });
const commitOf = (message: string, ...changes: Change[]): Commit => ({ message, changes });

async function textAt(snapshot: Snapshot, path: string): Promise<string | undefined> {
  const file = (await snapshot.read([at(path)])).get(at(path));
  return file === undefined ? undefined : Buffer.from(file.content).toString("utf8");
}

const seed: Seed = {
  "README.md": "# config\n",
  "apps/web/values.yaml": "image: a\n",
  "apps/web/run.sh": { content: bytes("#!/bin/sh\n"), executable: true },
  "apps/api/values.yaml": "image: b\n",
  "apps/ünïcode — 名前.txt": "ü\n",
  'apps/quo"te.txt': "q\n",
  "apps/link": { kind: "symlink", content: bytes("web") },
  "bin/data": new Uint8Array([0, 255, 10, 13, 10, 0, 200]),
};

/**
 * What every {@link ConfigRepository} must do. `create` makes a repository with these files in one commit on its
 * branch.
 */
export function configRepositoryContract(name: string, create: (seed: Seed) => Promise<ConfigRepositoryFixture>): void {
  const using = async (files: Seed, test: (config: ConfigRepository, at: ConfigRepositoryFixture) => Promise<void>) => {
    await using fixture = await create(files);
    await using config = await fixture.open();
    await test(config, fixture);
  };
  const tipOf = async (fixture: ConfigRepositoryFixture, check: (tip: Snapshot) => Promise<void>) => {
    await using fresh = await fixture.open();
    await check(await fresh.open());
  };

  describe(`${name} as a config repository`, () => {
    it("reads the files that exist among many paths", () =>
      using(seed, async (config) => {
        const tip = await config.open();
        const files = await tip.read(
          ["apps/web/values.yaml", "apps/web/run.sh", "none", "apps/none/x", "README.md/x", "apps", "bin/data"].map(at),
        );
        expect([...files.keys()].sort()).toEqual(["apps/web/run.sh", "apps/web/values.yaml", "bin/data"]);
        expect(files.get(at("apps/web/run.sh"))).toMatchObject({ kind: "file", executable: true });
        expect(files.get(at("apps/web/values.yaml"))).toMatchObject({ kind: "file", executable: false });
        expect([...(files.get(at("bin/data"))?.content ?? [])]).toEqual([0, 255, 10, 13, 10, 0, 200]);
        expect(await textAt(tip, "apps/ünïcode — 名前.txt")).toBe("ü\n");
        expect(await textAt(tip, 'apps/quo"te.txt')).toBe("q\n");
        expect((await tip.read([])).size).toBe(0);
      }));

    it("names links as links, and does not follow them", () =>
      using(seed, async (config) => {
        const tip = await config.open();
        const read = await tip.read([at("apps/link"), at("apps/link/values.yaml")]);
        expect([...read.keys()]).toEqual(["apps/link"]);
        expect(read.get(at("apps/link"))).toMatchObject({ kind: "symlink", executable: false });
      }));

    it("lists folders, and knows which are none", () =>
      using(seed, async (config) => {
        const tip = await config.open();
        const names = (await tip.list(at("apps")))?.map(({ name, kind }) => `${kind} ${name}`).sort();
        expect(names).toEqual(
          ['file quo"te.txt', "file ünïcode — 名前.txt", "folder api", "folder web", "symlink link"].sort(),
        );
        expect((await tip.list(""))?.map((entry) => entry.name).sort()).toEqual(["README.md", "apps", "bin"]);
        expect(await tip.list(at("none"))).toBeUndefined();
        expect(await tip.list(at("README.md"))).toBeUndefined();
        expect(await tip.list(at("apps/web/none"))).toBeUndefined();
      }));

    it("commits: what was named changes, everything else stays", () =>
      using(seed, async (config, fixture) => {
        const tip = await config.open();
        const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
        const done = await config.commit(
          tip,
          commitOf(
            "Change\n\nGlu-App: web\n",
            write("apps/web/values.yaml", "image: c\n"),
            write("apps/web/run.sh", "#!/bin/sh\ntrue\n"),
            write("new/deep/ñ.bin", binary),
            write("new/tool", "x", true),
            write("empty", ""),
            remove("apps/api/values.yaml"),
            remove("apps/never/was"),
          ),
        );
        expect(done.kind).toBe("committed");
        await tipOf(fixture, async (after) => {
          expect(done).toEqual({ kind: "committed", commit: after.commit });
          expect(await textAt(after, "apps/web/values.yaml")).toBe("image: c\n");
          const files = await after.read(
            ["apps/web/run.sh", "new/deep/ñ.bin", "new/tool", "bin/data", "empty"].map(at),
          );
          expect(files.get(at("apps/web/run.sh"))?.executable).toBe(true);
          expect(files.get(at("new/tool"))?.executable).toBe(true);
          expect([...(files.get(at("new/deep/ñ.bin"))?.content ?? [])]).toEqual([...binary]);
          expect([...(files.get(at("bin/data"))?.content ?? [])]).toEqual([0, 255, 10, 13, 10, 0, 200]);
          expect(files.get(at("empty"))?.content).toHaveLength(0);
          expect(await after.list(at("apps/api"))).toBeUndefined();
          expect(await textAt(after, 'apps/quo"te.txt')).toBe("q\n");
          expect((await after.log(1))[0]).toMatchObject({ commit: after.commit, message: "Change\n\nGlu-App: web\n" });
        });
        expect(await textAt(tip, "apps/web/values.yaml")).toBe("image: a\n");
      }));

    it("loses the second of two commits on one snapshot, and the branch holds the first only", () =>
      using(seed, async (config, fixture) => {
        await using other = await fixture.open();
        const [mine, theirs] = [await config.open(), await other.open()];
        expect((await other.commit(theirs, commitOf("first", write("a", "1")))).kind).toBe("committed");
        expect(await config.commit(mine, commitOf("second", write("b", "2")))).toEqual({ kind: "lost" });
        await tipOf(fixture, async (tip) => {
          expect(await textAt(tip, "a")).toBe("1");
          expect(await textAt(tip, "b")).toBeUndefined();
          expect(await tip.log(10)).toHaveLength(2);
        });
        const again = await config.open();
        expect(await textAt(again, "a")).toBe("1");
        expect((await config.commit(again, commitOf("second", write("b", "2")))).kind).toBe("committed");
        await tipOf(fixture, async (tip) => {
          expect(await textAt(tip, "a")).toBe("1");
          expect(await textAt(tip, "b")).toBe("2");
        });
      }));

    proposalBranchesContract(() => create(seed));

    it("loses a commit on one's own older snapshot too", () =>
      using(seed, async (config) => {
        const tip = await config.open();
        expect((await config.commit(tip, commitOf("one", write("a", "1")))).kind).toBe("committed");
        expect(await config.commit(tip, commitOf("two", write("a", "2")))).toEqual({ kind: "lost" });
        expect(await textAt(await config.open(), "a")).toBe("1");
      }));

    it.each<[string, Change]>([
      ["a file where a folder is", write("apps", "x")],
      ["a file below a file", write("README.md/x", "x")],
      ["over a symbolic link", write("apps/link", "x")],
      ["below a symbolic link", write("apps/link/values.yaml", "x")],
    ])("refuses to write %s, and changes nothing", (_, change) =>
      using(seed, async (config) => {
        const tip = await config.open();
        await expect(config.commit(tip, commitOf("no", write("fine", "x"), change))).rejects.toMatchObject({
          kind: "usage",
          code: "repository/path-conflict",
        });
        expect((await config.open()).commit).toBe(tip.commit);
      }),
    );

    it("takes a commit without changes for a bug", () =>
      using(seed, async (config) => {
        await expect(config.commit(await config.open(), commitOf("nothing"))).rejects.toThrow(/without changes/);
      }));

    it("keeps messages and authors as data", () =>
      using(seed, async (config, fixture) => {
        const message = "line\ndata 5\nM 100644 inline evil\n\nGlu-Reason: «ok»\n";
        const author = { name: "A <evil@x>\nauthor B", email: "a@b>\nparent 0" };
        await config.commit(await config.open(), { message, author, changes: [write("f", "done\n")] });
        await tipOf(fixture, async (tip) => {
          const log = await tip.log(5);
          expect(log[0]?.message).toBe(message);
          expect(log[0]?.authorName).toMatch(/^A .*evil@x/s);
          expect(log).toHaveLength(2);
          expect(await textAt(tip, "evil")).toBeUndefined();
        });
      }));

    it("tells the history backwards, at most so much of it", () =>
      using(seed, async (config, fixture) => {
        for (let index = 1; index <= 3; index++) {
          await config.commit(await config.open(), commitOf(`number ${index}\n`, write("n", String(index))));
        }
        await tipOf(fixture, async (tip) => {
          expect((await tip.log(2)).map((entry) => entry.message)).toEqual(["number 3\n", "number 2\n"]);
          expect(await tip.log(100)).toHaveLength(4);
          expect((await tip.log(1))[0]?.committedAt).toBe(tip.committedAt);
          expect(await textAt(tip, "n")).toBe("3");
        });
      }));

    it("shows the branch as it was at the commits of its history", () =>
      using(seed, async (config, fixture) => {
        for (const [content, path] of [
          ["image: 1\n", "new/one"],
          ["image: 2\n", "new/two"],
        ] as const) {
          const changes = [write("apps/web/values.yaml", content), write(path, "n")];
          await config.commit(await config.open(), commitOf("change", ...changes));
        }
        await tipOf(fixture, async (tip) => {
          const log = await tip.log(10);
          const then = await Promise.all(log.map(({ commit }) => tip.at(commit)));
          expect(then.map(({ commit }) => commit)).toEqual(log.map(({ commit }) => commit));
          const texts = await Promise.all(then.map((one) => textAt(one, "apps/web/values.yaml")));
          expect(texts).toEqual(["image: 2\n", "image: 1\n", "image: a\n"]);
          const folders = await Promise.all(then.map(async (one) => (await one.list(at("new")))?.length));
          expect(folders).toEqual([2, 1, undefined]);
          expect(await textAt(then[2] as Snapshot, "apps/api/values.yaml")).toBe("image: b\n");
          expect((await then[1]?.log(10))?.length).toBe(2);
          expect(await textAt(tip, "apps/web/values.yaml")).toBe("image: 2\n");
        });
      }));

    it("can go back to what a file was, between others' changes", () =>
      using(seed, async (config, fixture) => {
        await using other = await fixture.open();
        await config.open();
        for (const content of ["x", "image: a\n"]) {
          const theirs = await other.open();
          await other.commit(theirs, commitOf("change", write("apps/web/values.yaml", content)));
          const tip = await config.open();
          await tip.log(10);
          expect(await textAt(tip, "apps/web/values.yaml")).toBe(content);
        }
      }));

    it("lets many writers of different files all land, one after another", () =>
      using(seed, async (_config, fixture) => {
        const writers = 4;
        const land = async (index: number): Promise<void> => {
          await using mine = await fixture.open();
          for (let attempt = 0; attempt < 100; attempt++) {
            const started = performance.now();
            const change = write(`apps/app-${index}/values.yaml`, `image: ${index}\n`);
            const outcome = await mine.commit(await mine.open(), commitOf(`app ${index}`, change));
            if (outcome.kind === "committed") return;
            await sleep(Math.random() * 4 * (performance.now() - started));
          }
          throw new Error(`Writer ${index} never landed.`);
        };
        await Promise.all(Array.from({ length: writers }, (_, index) => land(index)));
        await tipOf(fixture, async (tip) => {
          const log = await tip.log(100);
          expect(log).toHaveLength(writers + 1);
          expect(new Set(log.map((entry) => entry.commit)).size).toBe(writers + 1);
          for (let index = 0; index < writers; index++) {
            expect(await textAt(tip, `apps/app-${index}/values.yaml`)).toBe(`image: ${index}\n`);
          }
          expect(await textAt(tip, "apps/web/values.yaml")).toBe("image: a\n");
        });
      }));

    it("works in a repository of a thousand files", () => {
      const many = Object.fromEntries(
        Array.from({ length: 1000 }, (_, index) => [`apps/app-${index}/envs/staging/values.yaml`, `n: ${index}\n`]),
      );
      return using(many, async (config, fixture) => {
        const tip = await config.open();
        const paths = Array.from({ length: 300 }, (_, index) => at(`apps/app-${index * 3}/envs/staging/values.yaml`));
        expect((await tip.read(paths)).size).toBe(300);
        expect(await tip.list(at("apps"))).toHaveLength(1000);
        const done = await config.commit(
          tip,
          commitOf("one of many", write("apps/app-7/envs/staging/values.yaml", "n\n")),
        );
        expect(done.kind).toBe("committed");
        await tipOf(fixture, async (after) => {
          expect(await textAt(after, "apps/app-7/envs/staging/values.yaml")).toBe("n\n");
          expect(await textAt(after, "apps/app-8/envs/staging/values.yaml")).toBe("n: 8\n");
        });
      });
    });
  });
}

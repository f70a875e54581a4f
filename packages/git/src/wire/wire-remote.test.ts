import { randomBytes } from "node:crypto";
import type { RefName, RepoPath } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openConfigRepository } from "../config/git-config-repository.ts";
import { WireRemote } from "./wire-remote.ts";

const main = "refs/heads/main" as RefName;
const at = (path: string): RepoPath => path as RepoPath;

async function wireTo(server: GitServer, memory = { shallowFilters: new Set<string>() }): Promise<WireRemote> {
  const url = server.url("config.git");
  return WireRemote.open({
    location: url,
    url,
    env: plainGitEnvironment,
    temp: "/nonexistent",
    clock: realClock,
    memory,
  });
}

const name = fc.constantFrom("a", "b", "a.b", "web", ".glu", "ü 名", "z-1", "x");
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const content = fc.oneof(fc.string({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }));

describe("by the wire", () => {
  it("a repository reads as Git says it is, and every commit is what Git checks", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(path, content, { minKeys: 1, maxKeys: 12 }), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(path, { minLength: 1, maxLength: 10 }),
        fc.dictionary(path, content, { minKeys: 1, maxKeys: 4 }),
        async (commits, asked, changes) => {
          using bare = new BareFixture({ seed: { first: "1" } });
          for (const files of commits) bare.push("main", compatible(bare, files));
          await using server = await GitServer.start(bare.root);
          await using remote = await wireTo(server);
          const tip = (await remote.fetchTip(main))!;
          expect([tip.commit, tip.tree]).toEqual(bare.git("rev-parse", "main", "main^{tree}").split("\n"));

          const all = listed(bare);
          const paths = [...new Set([...all.keys(), ...asked])].map(at);
          const read = await remote.read(tip.tree, paths, main, new Set([at("web"), at(".glu/web"), at("a/web")]));
          for (const one of paths) {
            const entry = read.get(one);
            expect(entry?.id, one).toBe(all.get(one) ?? (entry?.kind === "folder" ? entry.id : undefined));
            if (entry?.kind !== "file") continue;
            const size = bare.git("cat-file", "-s", entry.id);
            expect(String(entry.content?.length)).toBe(size);
          }
          const log = await remote.log(tip.commit, 3, main);
          expect(log.map((entry) => entry.commit)).toEqual(bare.git("rev-list", "-3", "main").split("\n"));

          const files = Object.entries(compatible(bare, changes)).map(([one, bytes]) => {
            return { path: at(one), content: Buffer.from(bytes as string), executable: false };
          });
          const made = await remote.commit(main, { parent: tip.commit, message: "Change\n", files });
          expect(made).toBe(bare.git("rev-parse", "main"));
          expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
          const after = new Map([...all, ...files.map((file) => [file.path as string, "new"] as const)]);
          expect([...listed(bare).keys()].sort()).toEqual([...after.keys()].sort());
        },
      ),
      { numRuns: 20 },
    );
  });

  it("a server that caps the depth of filters is read in more steps, which is learnt once", async () => {
    const seed = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`apps/app-${index}/f`, `${index}`]));
    using bare = new BareFixture({ seed });
    bare.git("config", "uploadpackfilter.tree.maxDepth", "0");
    await using server = await GitServer.start(bare.root);
    const memory = { shallowFilters: new Set<string>() };
    for (const first of [true, false]) {
      server.reset();
      await using remote = await wireTo(server, memory);
      const tip = (await remote.fetchTip(main))!;
      const read = await remote.read(tip.tree, [at("apps/app-7/f")], main, new Set([at("apps/app-7")]));
      expect(Buffer.from(read.get(at("apps/app-7/f"))!.content!).toString()).toBe("7");
      // References, the refused filter, the commit, two levels, and the app's folder whole.
      expect(server.requests).toHaveLength(first ? 6 : 5);
    }
  });

  it("a server that knows no filters, or wants no objects by name, is left to Git", async () => {
    for (const setting of ["uploadpackfilter.allow", "uploadpack.allowFilter"]) {
      using bare = new BareFixture({ seed: { "a/b": "1" } });
      bare.git("config", setting, "false");
      await using server = await GitServer.start(bare.root);
      const options = { location: server.url("config.git"), branch: main, env: plainGitEnvironment, temp: bare.root };
      await using config = await openConfigRepository({ ...options, clock: realClock });
      const tip = await config.open();
      expect((await tip.read([at("a/b")])).size).toBe(1);
      const change = { path: at("a/b"), content: Buffer.from("2") };
      expect((await config.commit(tip, { message: "x\n", changes: [change] })).kind).toBe("committed");
      expect(config.cost().way).toBe("git");
    }
  });

  it("after a lost race only what has changed comes again", async () => {
    const seed = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`apps/app-${index}/f`, `${index}`]));
    using bare = new BareFixture({ seed });
    await using server = await GitServer.start(bare.root);
    await using remote = await wireTo(server);
    const put = async (parent: Awaited<ReturnType<WireRemote["fetchTip"]>>) => {
      const files = [{ path: at("apps/app-7/f"), content: Buffer.from("mine"), executable: false }];
      await remote.read(parent!.tree, [at("apps/app-7/f")], main, new Set([at("apps/app-7")]));
      return remote.commit(main, { parent: parent!.commit, message: "x\n", files });
    };
    const first = await remote.fetchTip(main);
    bare.push("main", { "apps/app-2000/f": "theirs" });
    expect(await put(first)).toBeUndefined();
    server.reset();
    expect(await put(await remote.fetchTip(main))).toBe(bare.git("rev-parse", "main"));
    expect(server.requests).toHaveLength(3);
    expect(server.requests.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(3000);
    expect(server.connections).toBe(0);
    expect(bare.git("show", "main:apps/app-2000/f")).toBe("theirs");
  });

  it("a branch that was set back, or began anew, is read as it is now", async () => {
    using bare = new BareFixture({ seed: { "a/b/c": "1" } });
    const before = bare.git("rev-parse", "main");
    await using server = await GitServer.start(bare.root);
    await using remote = await wireTo(server);
    bare.push("main", { "a/b/c": "2" });
    await remote.fetchTip(main);
    bare.git("update-ref", main, before);
    bare.git("reflog", "expire", "--expire=now", "--all");
    bare.git("gc", "--prune=now", "--quiet");
    const tip = (await remote.fetchTip(main))!;
    expect(tip.commit).toBe(before);
    expect(Buffer.from((await remote.read(tip.tree, [at("a/b/c")], main)).get(at("a/b/c"))!.content!).toString()).toBe(
      "1",
    );
    bare.git("update-ref", "-d", main);
    bare.push("main", { other: "x" });
    expect((await remote.fetchTip(main))?.commit).toBe(bare.git("rev-parse", "main"));
  });

  it("folders of the same content at different depths are all read", async () => {
    using bare = new BareFixture({ seed: { "a/x/f": "1", "a/y/z/f": "1", "b/f": "1", "b/b/f": "1", "b/b/b/f": "1" } });
    await using server = await GitServer.start(bare.root);
    await using remote = await wireTo(server);
    const tip = (await remote.fetchTip(main))!;
    const paths = [...listed(bare).keys()].map(at);
    expect([...(await remote.read(tip.tree, paths, main)).keys()].sort()).toEqual(paths.sort());
  });

  it("many folders are taken whole in one request, though together they are more than one may be", async () => {
    const apps = ["a", "b", "c", "d"];
    const seed = Object.fromEntries(apps.map((app) => [`.glu/${app}/staging.json`, randomBytes(700_000)]));
    using bare = new BareFixture({ seed });
    await using server = await GitServer.start(bare.root);
    await using remote = await wireTo(server);
    const tip = (await remote.fetchTip(main))!;
    server.reset();
    const folders = new Set(apps.map((app) => at(`.glu/${app}`)));
    expect((await remote.read(tip.tree, Object.keys(seed).map(at), main, folders)).size).toBe(4);
    expect(server.requests).toHaveLength(1);
  });

  it("a folder that is too large to take whole is gone down level by level", { timeout: 60_000 }, async () => {
    const big = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`web/big-${index}`, randomBytes(1 << 20)]));
    using bare = new BareFixture({
      seed: { ...big, "web/deploy/values.yaml": "n: 1\n", ".glu/web/staging.json": "{}\n" },
    });
    await using server = await GitServer.start(bare.root);
    await using remote = await wireTo(server);
    const tip = (await remote.fetchTip(main))!;
    const paths = [at("web/deploy/values.yaml"), at(".glu/web/staging.json")];
    const read = await remote.read(tip.tree, paths, main, new Set([at("web"), at(".glu/web")]));
    expect(Buffer.from(read.get(paths[0]!)!.content!).toString()).toBe("n: 1\n");
    expect(read.size).toBe(2);
  });
});

/** Those that stand in nobody's way: a file is no folder of another. */
function compatible<T>(bare: BareFixture, files: Record<string, T>): Record<string, T> {
  const there = [...listed(bare).keys()];
  const kept: Record<string, T> = {};
  for (const [one, bytes] of Object.entries(files)) {
    const others = [...there, ...Object.keys(kept)];
    if (others.some((other) => other.startsWith(`${one}/`) || one.startsWith(`${other}/`))) continue;
    kept[one] = bytes;
  }
  return Object.keys(kept).length > 0 ? kept : ({ first: "again" } as never);
}

/** Files by path, with their ids. */
function listed(bare: BareFixture): Map<string, string> {
  const lines = bare.git("ls-tree", "-r", "-z", "main").split("\0").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [meta = "", one = ""] = line.split("\t");
      return [one, meta.split(" ")[2] ?? ""];
    }),
  );
}

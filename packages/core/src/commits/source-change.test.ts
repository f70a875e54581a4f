import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, storeOf, world } from "../test-kit/memory.ts";
import { mostChanges, mostCommits } from "./source-change.ts";

const built = (number: number, message?: string, more: Partial<Artifact["version"]> = {}) => {
  const plain = artifactOf("web", number);
  return artifactOf("web", number, { version: { ...plain.version, ...(message ? { message } : {}), ...more } });
};
const [first, second, third, fourth] = [built(1), built(2, "Add a cart\n\nWhy."), built(3), built(4, "Mend it")];
const all = [first, second, third, fourth];
const unreadable = new OutsideError("repository/working-copy", "git log failed");

/** A working copy that answers this about what lies between; nothing else is known there. */
const sourceOf = (between: SourceRepository["commitsBetween"]) =>
  ({ isAncestor: async () => undefined, ancestorsAmong: async () => [], commitsBetween: between }) as never;

async function running(artifact: Artifact, artifacts: readonly Artifact[] = all) {
  const made = world({ artifacts });
  await promote(made.ask({ environments: ["staging"], artifact: artifact.id }), made.ports);
  return made;
}

const to = (artifact: Artifact) => ({ environments: ["staging"], artifact: artifact.id });

describe("the source commits that come along", () => {
  it("are those that artifacts were built from, newest first, where there is no working copy", async () => {
    const { ports, ask } = await running(first);
    const { sources } = await promote(ask({ plan: true, ...to(fourth) }), ports);
    expect(sources).toEqual([
      {
        app: "web",
        from: first,
        to: fourth,
        left: 0,
        known: "artifacts",
        commits: [fourth, third, second].map(({ version, committedAt }) => ({
          sha: version.sha,
          subject:
            { [fourth.id]: "Mend it", [second.id]: "Add a cart" }[all.find((a) => a.version === version)!.id] ?? "",
          author: undefined,
          committedAt,
        })),
      },
    ]);
  });

  it("are all of them where the working copy knows", async () => {
    const { ports, ask } = await running(first);
    const commit = (sha: string) => ({
      sha,
      author: { name: sha === "a" ? "" : "Ada", email: "ada@example.org" },
      committer: { name: "", email: "" },
      committedAt: "2026-11-01T00:00:00.000Z",
      message: `Subject ${sha}\n\nBody.`,
    });
    ports.source = sourceOf(async (from, until, limit) => {
      expect([from, until, limit]).toEqual([first.version.sha, second.version.sha, mostCommits]);
      return { commits: [commit("b"), commit("a")], total: 31 };
    });
    const { sources } = await promote(ask({ plan: true, ...to(second) }), ports);
    expect(sources).toMatchObject([
      {
        known: "history",
        left: 29,
        commits: [
          { sha: "b", subject: "Subject b", author: "Ada" },
          { sha: "a", subject: "Subject a", author: undefined },
        ],
      },
    ]);
  });

  it("are bounded, and counted beyond", async () => {
    const many = Array.from({ length: 31 }, (_, index) => built(index + 1));
    const { ports, ask } = await running(many[0]!, many);
    const { sources } = await promote(ask({ plan: true, ...to(many[30]!) }), ports);
    expect([sources[0]?.commits.length, sources[0]?.left]).toEqual([mostCommits, 30 - mostCommits]);
  });

  it("of many apps are told of some", async () => {
    const apps = Array.from({ length: mostChanges + 3 }, (_, index) => `app-${index}`);
    const artifacts = apps.flatMap((app) => [artifactOf(app, 1), artifactOf(app, 2)]);
    const shown = artifacts.filter((_, index) => index % 2 === 0);
    const { ports, ask } = world({ apps, artifacts });
    ports.storesOf = () => [storeOf(shown)];
    await promote(ask({ apps: [] }), ports);
    ports.storesOf = () => [storeOf(artifacts)];
    const { sources, decisions } = await promote(ask({ apps: [], plan: true }), ports);
    expect([decisions.length, sources.length]).toEqual([apps.length, mostChanges]);
  });

  it("are none when it goes back, when nothing ran there, and from another repository", async () => {
    const { ports, ask } = await running(third);
    const back = await promote(ask({ plan: true, ...to(first) }), ports);
    expect(back.sources).toMatchObject([{ from: third, to: first, commits: [], left: 0 }]);
    const fresh = world({ artifacts: all });
    expect((await promote(fresh.ask({ plan: true, ...to(first) }), fresh.ports)).sources).toEqual([]);
    const elsewhere = built(5, undefined, { repositoryName: "acme/other" });
    const other = await running(first, [...all, elsewhere]);
    expect((await promote(other.ask({ plan: true, ...to(elsewhere) }), other.ports)).sources).toEqual([]);
  });

  it("are none of images that do not say what they were built of, which are known by their digest", async () => {
    const found = (number: number) => {
      const { version } = built(number);
      const sha = String(number).repeat(64);
      const items = [{ name: "source", kind: "oci", is: { "ghcr.io/acme/web": `sha256:${sha}` } }];
      return artifactOf("web", number, { version: { ...version, sha }, items });
    };
    const artifacts = [first, found(2), found(3)];
    for (const [one, other] of [
      [artifacts[1], artifacts[2]],
      [first, artifacts[1]],
    ] as [Artifact, Artifact][]) {
      const { ports, ask } = await running(one, artifacts);
      expect((await promote(ask({ plan: true, ...to(other) }), ports)).sources).toEqual([]);
    }
  });

  it("leave out other branches and pull requests, whose commits need not be in it", async () => {
    const feature = built(2, "A feature", { branch: "feature" });
    const { ports, ask } = await running(first, [first, feature, third]);
    const { sources } = await promote(ask({ plan: true, ...to(third) }), ports);
    expect(sources[0]?.commits.map(({ sha }) => sha)).toEqual([third.version.sha]);
  });

  it("that cannot be read stand in the way of nothing", async () => {
    const { ports, ask } = await running(first);
    ports.source = sourceOf(() => Promise.reject(unreadable));
    const store = storeOf(all);
    ports.storesOf = () => [{ ...store, ids: () => Promise.reject(unreadable) }];
    const planned = await promote(ask({ plan: true, ...to(third) }), ports);
    expect(planned).toMatchObject({ result: "planned", sources: [{ commits: [{ sha: third.version.sha }] }] });
  });

  it("cost a promotion no question: it tells what it knows", async () => {
    const { ports, ask } = await running(first);
    const store = storeOf(all);
    const refuse = () => Promise.reject(new Error("asked for ids"));
    ports.storesOf = () => [{ ...store, ids: refuse }];
    const { result, sources } = await promote(ask(to(third)), ports);
    expect(result).toBe("promoted");
    expect(sources[0]?.commits.map(({ sha }) => sha)).toEqual([third.version.sha]);
  });
});

import type { AppName, Artifact, ArtifactId, ArtifactStore } from "@glu/core";
import { describe, expect, it } from "vitest";
import { artifactForTest } from "../memory/artifact-for-test.ts";
import { collidingArtifacts } from "../memory/colliding-artifacts.ts";

/** One empty store and ways to it. */
export interface ArtifactStoreFixture extends AsyncDisposable {
  /** Opens it independently, as another process would. */
  open(): Promise<ArtifactStore>;
  /** Changes a stored `artifact.json` behind the store's back. */
  tamper(app: AppName, id: ArtifactId, change: (artifact: Record<string, unknown>) => void): Promise<void>;
  /** Puts many artifacts of the app `web` into the empty store, by the fastest way there is. */
  fill(artifacts: readonly Artifact[]): Promise<void>;
  /** Whether old artifacts are removed. */
  prunes: boolean;
}

const web = "web" as AppName;
const idOf = (artifact: Artifact): ArtifactId => artifact.id as ArtifactId;

/** What every {@link ArtifactStore} must do. */
export function artifactStoreContract(name: string, create: () => Promise<ArtifactStoreFixture>): void {
  const using = async (test: (store: ArtifactStore, fixture: ArtifactStoreFixture) => Promise<void>) => {
    await using fixture = await create();
    await using store = await fixture.open();
    await test(store, fixture);
  };

  describe(`${name} as an artifact store`, () => {
    it("is empty at first", () =>
      using(async (store) => {
        expect(await store.ids(web)).toEqual([]);
        expect((await store.read(web, [idOf(artifactForTest(1))])).size).toBe(0);
      }));

    it("gives back what was put, newest source commit first", () =>
      using(async (store, fixture) => {
        const artifacts = [2, 3, 1].map((number) => artifactForTest(number, { vars: { ключ: `${number} "€"` } }));
        for (const artifact of artifacts) expect(await store.put(artifact)).toMatchObject({ kind: "stored" });
        await store.put(artifactForTest(9, { app: "api" }));
        await using other = await fixture.open();
        const ids = await other.ids(web);
        expect(ids).toEqual([3, 2, 1].map((number) => idOf(artifacts[[2, 3, 1].indexOf(number)] as Artifact)));
        const read = await other.read(web, [...ids, idOf(artifactForTest(77))]);
        expect([...read.values()].map(({ artifact }) => artifact)).toEqual(
          ids.map((id) => artifacts.find((artifact) => artifact.id === id)),
        );
      }));

    it("gives of apps that were expected what it gives of each, and of each again what it has then", () =>
      using(async (store, fixture) => {
        const [api, jobs, none] = ["api", "jobs", "none"] as AppName[] as [AppName, AppName, AppName];
        const of = (app: AppName, number: number) => artifactForTest(number, { app });
        for (const artifact of [of(web, 1), of(web, 2), of(api, 3), of(jobs, 4)]) await store.put(artifact);
        await store.addItem(web, idOf(of(web, 1)), { name: "report" });
        await fixture.tamper(jobs, idOf(of(jobs, 4)), (stored) => {
          stored.vars = { image: "evil" };
        });
        await using other = await fixture.open();
        await other.expect([web, none, api, jobs]);
        for (const [app, numbers] of [
          [web, [2, 1]],
          [none, []],
          [api, [3]],
        ] as const) {
          const ids = await other.ids(app);
          expect(ids).toEqual(numbers.map((number) => idOf(of(app, number))));
          const read = [...(await other.read(app, ids)).values()];
          expect(read.map(({ artifact }) => artifact)).toEqual(numbers.map((number) => of(app, number)));
          expect(read.flatMap(({ addedItems }) => addedItems)).toEqual(app === web ? [{ name: "report" }] : []);
        }
        // What is damaged stands in the way of nothing but itself.
        await expect(other.read(jobs, await other.ids(jobs))).rejects.toMatchObject({ code: "artifact/tampered" });
        await store.put(of(web, 5));
        await store.put(of(none, 6));
        expect(await other.ids(web)).toEqual([5, 2, 1].map((number) => idOf(of(web, number))));
        expect(await other.ids(none)).toEqual([idOf(of(none, 6))]);
      }));

    it("stores the same artifact once, also when another run made it again", () =>
      using(async (store) => {
        const artifact = artifactForTest(1);
        const again = artifactForTest(1, { created: "2026-11-22T09:00:00.000Z" });
        expect(await store.put(artifact)).toMatchObject({ kind: "stored" });
        expect(await store.put(again)).toMatchObject({ kind: "exists" });
        expect(await store.ids(web)).toHaveLength(1);
        expect((await store.read(web, [idOf(artifact)])).get(idOf(artifact))?.artifact.created).toBe(artifact.created);
      }));

    it("refuses another artifact of an id that it has, and keeps the one it has", () =>
      using(async (store, fixture) => {
        const [first, second] = collidingArtifacts();
        expect(second.id).toBe(first.id);
        expect(await store.put(first)).toMatchObject({ kind: "stored" });
        await using other = await fixture.open();
        await expect(other.put(second)).rejects.toMatchObject({ code: "artifact/id-taken", kind: "usage" });
        expect((await other.read(web, [idOf(first)])).get(idOf(first))?.artifact).toEqual(first);
        expect(await other.put(first)).toMatchObject({ kind: "exists" });
      }));

    it("refuses an artifact that is not what its id says", () =>
      using(async (store) => {
        const artifact = { ...artifactForTest(1), vars: { changed: "yes" } };
        await expect(store.put(artifact)).rejects.toMatchObject({ code: "artifact/tampered" });
        expect(await store.ids(web)).toEqual([]);
      }));

    it("does not give out an artifact that was changed behind its back", () =>
      using(async (store, fixture) => {
        const artifact = artifactForTest(1);
        await store.put(artifact);
        await fixture.tamper(web, idOf(artifact), (stored) => {
          stored.vars = { image: "evil" };
        });
        await using other = await fixture.open();
        await expect(other.read(web, [idOf(artifact)])).rejects.toMatchObject({
          code: "artifact/tampered",
          kind: "usage",
        });
      }));

    it("gives out the trace that follows from the digest, not the one that was written", () =>
      using(async (store, fixture) => {
        const artifact = artifactForTest(1);
        await store.put(artifact);
        await fixture.tamper(web, idOf(artifact), (stored) => {
          stored.trace = artifactForTest(2).trace;
        });
        await using other = await fixture.open();
        expect((await other.read(web, [idOf(artifact)])).get(idOf(artifact))?.artifact).toEqual(artifact);
      }));

    it("adds items beside the artifact's own, each name once", () =>
      using(async (store, fixture) => {
        const artifact = artifactForTest(1, { items: [{ name: "own" }] });
        const id = idOf(artifact);
        await store.put(artifact);
        const sbom = { name: "SBOM (web)/x", url: "https://ci.test/1", size: 3 };
        expect(await store.addItem(web, id, sbom)).toMatchObject({ kind: "stored" });
        expect(await store.addItem(web, id, { name: "coverage", lines: { covered: 1 } })).toMatchObject({
          kind: "stored",
        });
        expect(await store.addItem(web, id, { size: 3, url: "https://ci.test/1", name: "SBOM (web)/x" })).toMatchObject(
          {
            kind: "exists",
          },
        );
        for (const other of [
          { ...sbom, size: 4 },
          { name: "own", url: "u" },
        ]) {
          await expect(store.addItem(web, id, other)).rejects.toMatchObject({ code: "artifact/item-exists" });
        }
        expect(await store.put(artifact)).toMatchObject({ kind: "exists" });
        await using another = await fixture.open();
        expect((await another.read(web, [id])).get(id)?.addedItems).toEqual([
          sbom,
          { name: "coverage", lines: { covered: 1 } },
        ]);
      }));

    it("adds no item to what it does not have", () =>
      using(async (store) => {
        const id = idOf(artifactForTest(5));
        await expect(store.addItem(web, id, { name: "x" })).rejects.toMatchObject({ code: "artifact/not-found" });
        await store.put(artifactForTest(1));
        await expect(store.addItem(web, id, { name: "x" })).rejects.toMatchObject({ code: "artifact/not-found" });
      }));

    it("lets many writers at once all land", () =>
      using(async (_store, fixture) => {
        const numbers = [1, 2, 3, 4];
        const put = async (number: number) => {
          await using mine = await fixture.open();
          await mine.put(artifactForTest(number));
          await mine.addItem(web, idOf(artifactForTest(number)), { name: `item-${number}` });
          return await mine.put(artifactForTest(100));
        };
        const shared = await Promise.all(numbers.map(put));
        // Two that write the same at the same moment may both have stored it: in Git it is one commit.
        expect(shared.map(({ kind }) => kind)).toContain("stored");
        await using other = await fixture.open();
        const ids = await other.ids(web);
        expect(ids).toHaveLength(numbers.length + 1);
        const items = [...(await other.read(web, ids)).values()].flatMap((stored) => stored.addedItems);
        expect(items.map((item) => item.name).sort()).toEqual(numbers.map((number) => `item-${number}`));
      }));

    it("gives one of two different items of one name, written at once, and refuses the other", () =>
      using(async (store, fixture) => {
        const id = idOf(artifactForTest(1));
        await store.put(artifactForTest(1));
        const add = async (size: number) => {
          await using mine = await fixture.open();
          return await mine.addItem(web, id, { name: "report", size });
        };
        const outcomes = await Promise.allSettled([add(1), add(2), add(3)]);
        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect((await store.read(web, [id])).get(id)?.addedItems).toHaveLength(1);
      }));

    it("prunes only what is older than the newest 200 and not to be kept, if at all", () =>
      using(async (store, fixture) => {
        const artifacts = Array.from({ length: 202 }, (_, index) => artifactForTest(index + 1));
        const old = artifacts.slice(0, 3).map(idOf);
        await fixture.fill(artifacts.slice(0, 200));
        for (const artifact of artifacts.slice(200)) await store.put(artifact, old.slice(0, 1));
        const ids = new Set(await store.ids(web));
        expect(old.map((id) => ids.has(id))).toEqual([true, !fixture.prunes, true]);
        expect(ids.size).toBe(fixture.prunes ? 201 : 202);
      }));

    it("removes none of the newest 1000 when it is not told what to keep", () =>
      using(async (store, fixture) => {
        const artifacts = Array.from({ length: 202 }, (_, index) => artifactForTest(index + 1));
        await fixture.fill(artifacts.slice(0, 201));
        for (const artifact of artifacts.slice(201)) await store.put(artifact);
        expect(await store.ids(web)).toHaveLength(202);
      }));

    it("never removes what was stored old on purpose: an import, or a rebuild of an old commit", () =>
      using(async (store, fixture) => {
        const artifacts = Array.from({ length: 202 }, (_, index) => artifactForTest(index + 101));
        await fixture.fill(artifacts.slice(0, 200));
        const imported = artifactForTest(400, { importedId: "acme-1" });
        const rebuilt = artifactForTest(1);
        expect(await store.put(imported, [])).toMatchObject({ kind: "stored" });
        expect(await store.put(rebuilt, [])).toMatchObject({ kind: "stored" });
        // Neither counts among the newest 200: nothing is removed for them.
        expect(await store.ids(web)).toHaveLength(202);
        for (const artifact of artifacts.slice(200)) await store.put(artifact, []);
        await using other = await fixture.open();
        const ids = await other.ids(web);
        expect(ids).toEqual(expect.arrayContaining([imported, rebuilt].map(idOf)));
        expect(ids).toHaveLength(fixture.prunes ? 202 : 204);
        expect((await other.read(web, [idOf(rebuilt)])).get(idOf(rebuilt))?.artifact).toEqual(rebuilt);
      }));
  });
}

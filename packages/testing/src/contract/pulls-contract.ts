import type { Pull, Pulls } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge with a `main`, and people who do what people do there. */
export interface PullsFixture extends AsyncDisposable {
  pulls: Pulls;
  /** By a token that does not see the repository. */
  stranger: Pulls;
  /** Without a token. */
  nobody: Pulls;
  /** Who opens pull requests. */
  author: string;
  /** How many the forge gives in a page at most. */
  perPage: number;
  /** Opens one with one commit. */
  open(): Promise<OpenedPull>;
  /** Opens many, as quickly as it goes. */
  openMany(count: number): Promise<void>;
  /** Puts a commit on the branch of one. @returns it, when the forge has taken note of it */
  push(pull: OpenedPull): Promise<string>;
  label(pull: OpenedPull, name: string): Promise<void>;
  close(pull: OpenedPull): Promise<void>;
  reopen(pull: OpenedPull): Promise<void>;
  /** Merges it, and deletes its branch. */
  merge(pull: OpenedPull): Promise<void>;
  /** Somebody else opens one from a branch of a fork. */
  openFromFork(): Promise<OpenedPull>;
  /** Deletes that fork; undefined: its server cannot. */
  deleteFork?(): Promise<void>;
}

export interface OpenedPull {
  number: number;
  head: string;
  branch: string;
}

/** Forges tell whole seconds. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));
const isNow = (time: number | undefined) => expect(Math.abs((time ?? 0) - Date.now())).toBeLessThan(60_000);
const numbers = (pulls: readonly Pull[]) => pulls.map(({ number }) => number).sort((a, b) => a - b);

/** What every {@link Pulls} must do. `create` makes a repository. */
export function pullsContract(name: string, create: () => Promise<PullsFixture>): void {
  const using = async (test: (at: PullsFixture) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture);
  };
  const found = async ({ pulls }: PullsFixture, { number }: OpenedPull): Promise<Pull> => {
    const pull = await pulls.find(number);
    if (pull === undefined) throw new Error(`#${number} is not found.`);
    return pull;
  };

  describe(`${name} as pull requests`, () => {
    it("tells an open one, by its number and in the list of all", () =>
      using(async (at) => {
        const { number, head, branch } = await at.open();
        const pull = await at.pulls.find(number);
        expect(pull).toEqual({
          ...{ number, isOpen: true, head, updatedAt: expect.any(Number), closedAt: undefined },
          ...{ author: at.author, branch, base: "main", fromFork: false, labels: [] },
        });
        isNow(pull?.updatedAt);
        expect(await at.pulls.open()).toEqual({ pulls: [pull], complete: true });
      }));

    it("tells what was pushed, and that something has happened", () =>
      using(async (at) => {
        const pull = await at.open();
        const before = await found(at, pull);
        await aSecond();
        const head = await at.push(pull);
        const after = await found(at, pull);
        expect(after).toMatchObject({ head, isOpen: true });
        expect(after.updatedAt).toBeGreaterThan(before.updatedAt);
        expect((await at.pulls.open()).pulls).toEqual([after]);
      }));

    it("tells its labels", () =>
      using(async (at) => {
        const pull = await at.open();
        for (const name of ["preview", "Größe: 名前 klein"]) await at.label(pull, name);
        const { labels } = await found(at, pull);
        expect([...labels].sort()).toEqual(["Größe: 名前 klein", "preview"]);
        expect((await at.pulls.open()).pulls.map((one) => [...one.labels].sort())).toEqual([[...labels].sort()]);
      }));

    it("tells a closed one and since when, and when it is open again", () =>
      using(async (at) => {
        const [pull, other] = [await at.open(), await at.open()];
        await aSecond();
        await at.close(pull);
        const closed = await found(at, pull);
        expect(closed).toMatchObject({ isOpen: false, head: pull.head, author: at.author, branch: pull.branch });
        expect(closed.ending).toMatchObject({ merged: false });
        isNow(closed.closedAt);
        expect(closed.updatedAt).toBeGreaterThanOrEqual(closed.closedAt ?? Number.NaN);
        expect(numbers((await at.pulls.open()).pulls)).toEqual([other.number]);
        await aSecond();
        await at.reopen(pull);
        const open = await found(at, pull);
        expect(open).toMatchObject({ isOpen: true, closedAt: undefined, head: pull.head });
        expect(open.ending).toBeUndefined();
        expect(open.updatedAt).toBeGreaterThan(closed.closedAt ?? Number.NaN);
        expect(numbers((await at.pulls.open()).pulls)).toEqual([pull.number, other.number]);
      }));

    it("tells a merged one as closed, also when its branch is gone", () =>
      using(async (at) => {
        const pull = await at.open();
        await at.merge(pull);
        const merged = await found(at, pull);
        expect(merged).toMatchObject({ isOpen: false, head: pull.head, branch: pull.branch, fromFork: false });
        expect(merged.ending).toEqual({ merged: true, by: expect.any(String) });
        isNow(merged.closedAt);
        expect(await at.pulls.open()).toEqual({ pulls: [], complete: true });
      }));

    it("tells which one is from a fork", () =>
      using(async (at) => {
        const [own, foreign] = [await at.open(), await at.openFromFork()];
        const pull = await found(at, foreign);
        expect(pull).toMatchObject({ isOpen: true, head: foreign.head, branch: foreign.branch, fromFork: true });
        expect(pull.author).not.toBe(at.author);
        const { pulls } = await at.pulls.open();
        expect(pulls.map(({ number, fromFork }) => [number, fromFork])).toEqual([
          [own.number, false],
          [foreign.number, true],
        ]);
        if (at.deleteFork === undefined) return;
        await at.deleteFork();
        expect(await found(at, foreign)).toMatchObject({ head: foreign.head, fromFork: true });
        const later = await at.pulls.open();
        expect(later.complete).toBe(true);
        expect(later.pulls.filter(({ number }) => number === foreign.number).every(({ fromFork }) => fromFork)).toBe(
          true,
        );
      }));

    it("knows that there is none of a number", () =>
      using(async (at) => {
        expect(await at.pulls.find(4711)).toBeUndefined();
        await at.open();
        expect(await at.pulls.find(4711)).toBeUndefined();
      }));

    it("tells that none is open", () =>
      using(async (at) => {
        expect(await at.pulls.open()).toEqual({ pulls: [], complete: true });
      }));

    it(
      "tells all of many",
      () =>
        using(async (at) => {
          const count = at.perPage + 5;
          await at.openMany(count);
          const { pulls, complete } = await at.pulls.open();
          expect(complete).toBe(true);
          expect(numbers(pulls)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        }),
      120_000,
    );

    it("takes none for closed or gone that it cannot see", () =>
      using(async (at) => {
        const { number } = await at.open();
        for (const ask of [() => at.stranger.find(number), () => at.stranger.find(4711), () => at.stranger.open()]) {
          await expect(ask()).rejects.toMatchObject({
            kind: "usage",
            code: "pull/not-found",
            fix: expect.stringMatching(/\bread\b|read_api|read:repository/),
          });
        }
        for (const ask of [() => at.nobody.find(number), () => at.nobody.open()]) {
          await expect(ask()).rejects.toMatchObject({ code: "pull/no-token", fix: expect.stringMatching(/GLU_TOKEN/) });
        }
      }));
  });
}

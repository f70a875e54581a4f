import { setTimeout as wait } from "node:timers/promises";
import { type CommitStatus, type Statuses, type Timestamp, timestamp } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge, and what people see there. */
export interface StatusesFixture extends AsyncDisposable {
  statuses: Statuses;
  /** Puts a commit on a new branch. @returns the commit */
  push(): Promise<string>;
  /** What a commit is marked with by a context: the last one counts. Empty for what is not there. */
  seen(commit: string, context: string): Promise<CommitStatus | undefined>;
  /** How many of a context the forge has kept. */
  kept(commit: string, context: string): Promise<number>;
}

const context = "glu/production";
const page = "https://example.org/runs/1";
const pending: CommitStatus = { context, state: "pending", description: "Soaks until 12:00", url: page };
const success: CommitStatus = { context, state: "success", description: "May be merged", url: page };
const failure: CommitStatus = { context, state: "failure", description: "Frozen: holidays", url: undefined };

/** What every {@link Statuses} must do. `create` makes a repository. */
export function statusesContract(name: string, create: () => Promise<StatusesFixture>): void {
  const using = async (test: (at: StatusesFixture, commit: string) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture, await fixture.push());
  };

  describe(`${name} as statuses`, () => {
    it("marks a commit", () =>
      using(async (at, commit) => {
        expect(await at.seen(commit, context)).toBeUndefined();
        await at.statuses.set(commit, pending);
        expect(await at.seen(commit, context)).toEqual(pending);
      }));

    it.each([
      ["pending", "success", [pending, success]],
      ["pending", "failure", [pending, failure]],
      ["success", "failure", [success, failure]],
      ["failure", "success", [failure, success]],
      ["success", "pending", [success, pending]],
      ["failure", "pending", [failure, pending]],
    ] as const)("changes %s to %s", (_, __, states) =>
      using(async (at, commit) => {
        for (const status of states) {
          await at.statuses.set(commit, status);
          expect(await at.seen(commit, context)).toEqual(status);
        }
      }),
    );

    it.each([["pending", pending] as const, ["success", success] as const, ["failure", failure] as const])(
      "changes what is said of one that stays %s, and where it links to",
      (_, status) =>
        using(async (at, commit) => {
          for (const one of [
            status,
            { ...status, description: "Something else" },
            { ...status, url: "https://example.org/2" },
            { ...status, url: undefined },
          ]) {
            await at.statuses.set(commit, one);
            expect(await at.seen(commit, context)).toEqual(one);
          }
        }),
    );

    it.each([["pending", pending] as const, ["success", success] as const, ["failure", failure] as const])(
      "writes nothing when it is %s with these words already",
      (_, status) =>
        using(async (at, commit) => {
          const long = { ...status, description: `${"🚀 ".repeat(200)}` };
          for (const one of [status, status, long, long]) await at.statuses.set(commit, one);
          const kept = await at.kept(commit, context);
          await at.statuses.set(commit, long);
          await at.statuses.set(commit, { ...long, description: ` ${long.description}` });
          expect(await at.kept(commit, context)).toBe(kept);
        }),
    );

    it("reads what a commit is marked with", () =>
      using(async (at, commit) => {
        expect(await at.statuses.read(commit, context)).toBeUndefined();
        await at.statuses.set(commit, { ...success, context: "glu/staging" });
        expect(await at.statuses.read(commit, context)).toBeUndefined();
        for (const one of [pending, failure, success]) {
          await at.statuses.set(commit, one);
          const { state, description, url } = one;
          expect(await at.statuses.read(commit, context)).toEqual({ state, description, url });
        }
      }));

    it("reads what a commit was marked with at a time", () =>
      using(async (at, commit) => {
        // Forges tell whole seconds.
        const later = async (status: CommitStatus): Promise<Timestamp> => {
          await at.statuses.set(commit, status);
          await wait(2_200);
          return timestamp(Date.now() - 1_100);
        };
        const before = timestamp(Date.now() - 60_000);
        const times = [await later(success), await later(failure), await later(pending)];
        await at.statuses.set(commit, { ...success, description: "Later" });
        await at.statuses.set(commit, { ...failure, context: "glu/staging" });
        const read = (time: Timestamp) => at.statuses.read(commit, context, time);
        expect(await read(before)).toBeUndefined();
        const states: unknown[] = [];
        for (const time of times) states.push((await read(time))?.state);
        expect(states).toEqual(["success", "failure", "pending"]);
        const { state, description, url } = failure;
        expect(await read(times[1] ?? before)).toEqual({ state, description, url });
        expect((await at.statuses.read(commit, context))?.description).toBe("Later");
      }));

    it("keeps contexts and commits apart", () =>
      using(async (at, commit) => {
        const other = { ...failure, context: "glu/staging" };
        const another = await at.push();
        await at.statuses.set(commit, success);
        await at.statuses.set(commit, other);
        await at.statuses.set(another, pending);
        expect(await at.seen(commit, context)).toEqual(success);
        expect(await at.seen(commit, "glu/staging")).toEqual(other);
        expect(await at.seen(another, context)).toEqual(pending);
        expect(await at.seen(another, "glu/staging")).toBeUndefined();
      }));

    it(
      "finds its own among many",
      () =>
        using(async (at, commit) => {
          for (let count = 0; count < 60; count++)
            await at.statuses.set(commit, { ...success, context: `ci/${count}` });
          for (const status of [success, failure, failure]) await at.statuses.set(commit, status);
          expect(await at.seen(commit, context)).toEqual(failure);
          expect(await at.kept(commit, context)).toBe(2);
        }),
      60_000,
    );

    it("says a long text as far as there is room, in one line and by whole characters", () =>
      using(async (at, commit) => {
        await at.statuses.set(commit, { ...success, description: `First\r\nsecond\u0007 ${"🚀".repeat(300)}` });
        const said = (await at.seen(commit, context))?.description ?? "";
        expect(said).toMatch(/^First second 🚀{100,}…$/u);
      }));

    it("takes text for text", () =>
      using(async (at, commit) => {
        const status = { ...failure, description: `<img src=x onerror=alert(1)> "quoted" \${{ secrets }} :: & 名前` };
        await at.statuses.set(commit, status);
        expect(await at.seen(commit, context)).toEqual(status);
      }));

    it("refuses a commit that is not there, and says so", () =>
      using(async (at) => {
        await expect(at.statuses.set("1".repeat(40), success)).rejects.toMatchObject({
          name: "GluError",
          code: expect.stringMatching(/^status\/(?:not-found|invalid)$/),
          fix: expect.any(String),
        });
      }));
  });
}

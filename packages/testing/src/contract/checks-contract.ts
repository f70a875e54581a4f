import type { Checks } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge, and what reports checks there. */
export interface ChecksFixture extends AsyncDisposable {
  checks: Checks;
  repository: string;
  /** Puts a commit on a new branch. @returns the commit */
  push(): Promise<string>;
  /** Reports a check on a commit; again under the same name it is a newer one. */
  report(commit: string, name: string, state: "running" | "succeeded" | "failed"): Promise<void>;
}

const never = new AbortController().signal;

/** What every {@link Checks} must do. `create` makes a repository. */
export function checksContract(name: string, create: () => Promise<ChecksFixture>): void {
  const using = async (test: (at: ChecksFixture, commit: string) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture, await fixture.push());
  };
  const on = async ({ checks, repository }: ChecksFixture, commit: string) => {
    const found = await checks.of({ repository, commit }, never);
    return Object.fromEntries(found.map((one) => [one.name, one.state]));
  };

  describe(`${name} as checks`, () => {
    it("tells those of a commit, each with how it stands", () =>
      using(async (at, commit) => {
        expect(await on(at, commit)).toEqual({});
        await at.report(commit, "ci / test", "succeeded");
        await at.report(commit, "lint", "failed");
        await at.report(commit, "build", "running");
        expect(await on(at, commit)).toEqual({ "ci / test": "succeeded", lint: "failed", build: "running" });
        expect(await on(at, await at.push())).toEqual({});
      }));

    it("of each name tells the newest", () =>
      using(async (at, commit) => {
        await at.report(commit, "test", "failed");
        await at.report(commit, "test", "succeeded");
        await at.report(commit, "lint", "succeeded");
        await at.report(commit, "lint", "failed");
        expect(await on(at, commit)).toEqual({ test: "succeeded", lint: "failed" });
      }));

    it("leaves out what Glu says of its decisions", () =>
      using(async (at, commit) => {
        await at.report(commit, "glu/production", "running");
        await at.report(commit, "glue", "succeeded");
        expect(await on(at, commit)).toEqual({ glue: "succeeded" });
      }));

    it("tells all of many", () =>
      using(async (at, commit) => {
        const names = Array.from({ length: 130 }, (_, index) => `job ${index}`);
        for (const one of names) await at.report(commit, one, "succeeded");
        expect(Object.keys(await on(at, commit)).sort()).toEqual([...names].sort());
      }));

    it("does not take a commit or repository that is not there for one without checks", () =>
      using(async (at, commit) => {
        for (const [repository, sha] of [
          [at.repository, "1".repeat(40)],
          [`${at.repository}-gone`, commit],
        ] as const) {
          const asked = at.checks.of({ repository, commit: sha }, never);
          await expect(asked).rejects.toMatchObject({
            kind: "outside",
            code: expect.stringMatching(/^checks\/(?:not-found|invalid-request)$/),
            fix: expect.any(String),
          });
        }
      }));
  });
}

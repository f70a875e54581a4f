import type { Comments } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge with a `main`, and people who do what people do there. */
export interface CommentsFixture extends AsyncDisposable {
  comments: Comments;
  /** Somebody opens a pull request with one commit, and merges it by squashing unless told not to. */
  pull(merge: boolean): Promise<{ number: number; commit: string }>;
  /** Puts a commit on `main` past all pull requests. @returns the commit */
  push(): Promise<string>;
  /** Somebody else comments. */
  say(pull: number, body: string): Promise<void>;
  /** All comments, oldest first. */
  said(pull: number): Promise<string[]>;
}

const key = "where";

/** What every {@link Comments} must do. `create` makes a repository. */
export function commentsContract(name: string, create: () => Promise<CommentsFixture>): void {
  const using = async (test: (at: CommentsFixture) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture);
  };

  describe(`${name} as comments`, () => {
    it("knows by which pull request a commit came, and when that was merged", () =>
      using(async (at) => {
        const { number, commit } = await at.pull(true);
        const [only, ...others] = await at.comments.pullsOf(commit);
        expect(others).toEqual([]);
        expect(only?.number).toBe(number);
        // Forges tell whole seconds.
        expect(Math.abs(Date.parse(only?.mergedAt ?? "") - Date.now())).toBeLessThan(60_000);
      }));

    it("knows none of a commit that was pushed, nor one that is open", () =>
      using(async (at) => {
        expect(await at.comments.pullsOf(await at.push())).toEqual([]);
        const { commit } = await at.pull(false);
        expect(await at.comments.pullsOf(commit)).toEqual([]);
      }));

    it("knows the commits between two", () =>
      using(async (at) => {
        const commits = [await at.push(), await at.push(), (await at.pull(true)).commit, await at.push()];
        const [from = "", ...after] = commits;
        const { commits: found, total } = await at.comments.between(from, commits.at(-1) ?? "");
        expect([[...found].sort(), total]).toEqual([[...after].sort(), after.length]);
        expect(await at.comments.between(commits.at(-1) ?? "", from)).toEqual({ commits: [], total: 0 });
      }));

    it("writes one comment of a key, and updates it in place", () =>
      using(async (at) => {
        const { number } = await at.pull(true);
        const first = await at.comments.write(number, key, (said) => {
          expect(said).toEqual([]);
          return "In **staging**.";
        });
        expect(first).toEqual({ url: expect.stringMatching(/^https?:\/\/.*\d+$/), written: true });
        const second = await at.comments.write(number, key, (said) => {
          expect(said).toEqual([expect.stringMatching(/^In \*\*staging\*\*\./)]);
          return "In **production**.";
        });
        expect(second).toEqual(first);
        expect(await at.said(number)).toEqual([expect.stringMatching(/^In \*\*production\*\*\.\s+<!--[^>]*-->$/)]);
      }));

    it("writes nothing when it says that already, or when there is nothing to say", () =>
      using(async (at) => {
        const { number } = await at.pull(true);
        const nothing = { url: undefined, written: false };
        expect(await at.comments.write(number, key, () => undefined)).toEqual(nothing);
        expect(await at.said(number)).toEqual([]);
        const { url } = await at.comments.write(number, key, () => "Ünïcode 名前\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        const before = await at.said(number);
        expect(await at.comments.write(number, key, () => "Ünïcode 名前\n\n| a | b |\n|---|---|\n| 1 | 2 |")).toEqual({
          url,
          written: false,
        });
        expect(await at.comments.write(number, key, () => undefined)).toEqual({ url, written: false });
        expect(await at.said(number)).toEqual(before);
      }));

    it("makes one of those that two runs made at the same moment, and loses nothing that they say", () =>
      using(async (at) => {
        const { number } = await at.pull(true);
        const lines = (said: readonly string[]) => [...new Set(said.flatMap((one) => one.match(/^- .*$/gm) ?? []))];
        const adding = (line: string) => (said: readonly string[]) => [...new Set([...lines(said), line])].join("\n");
        await Promise.all(["- a", "- b", "- c"].map((line) => at.comments.write(number, key, adding(line))));
        // Each looks again, as whoever must know does.
        for (let looks = 0; looks < 2; looks++) {
          for (const line of ["- a", "- b", "- c"]) await at.comments.write(number, key, adding(line));
        }
        const said = await at.said(number);
        expect(said).toHaveLength(1);
        expect(lines(said).sort()).toEqual(["- a", "- b", "- c"]);
      }));

    it("keeps keys and pull requests apart", () =>
      using(async (at) => {
        const [one, other] = [await at.pull(true), await at.pull(true)];
        await at.comments.write(one.number, key, () => "One");
        await at.comments.write(one.number, "other", () => "Other key");
        await at.comments.write(other.number, key, () => "Other");
        await at.comments.write(one.number, key, ([said]) => said?.replace(/^One/, "One again"));
        expect((await at.said(one.number)).map((body) => body.split("\n")[0])).toEqual(["One again", "Other key"]);
        expect((await at.said(other.number)).map((body) => body.split("\n")[0])).toEqual(["Other"]);
      }));

    it("leaves what others say alone, also when they copy or quote it", () =>
      using(async (at) => {
        const { number } = await at.pull(true);
        await at.comments.write(number, key, () => "Mine");
        const [mine = ""] = await at.said(number);
        await at.say(number, mine);
        await at.say(number, mine.replace(/^/gm, "> "));
        await at.comments.write(number, key, () => "Newer");
        const said = await at.said(number);
        expect(said).toHaveLength(3);
        expect(said[0]).toMatch(/^Newer/);
        expect(said[1]?.trimEnd()).toBe(mine.trimEnd());
      }));

    it(
      "finds its own behind a page of others",
      () =>
        using(async (at) => {
          const { number } = await at.pull(true);
          for (let count = 0; count < 105; count++) await at.say(number, `Comment ${count}`);
          for (const text of ["Mine", "Newer"]) await at.comments.write(number, key, () => text);
          const said = await at.said(number);
          expect(said).toHaveLength(106);
          expect(said.at(-1)).toMatch(/^Newer/);
        }),
      120_000,
    );

    it("shows a text whole, also lines that begin with a slash", () =>
      using(async (at) => {
        const { number } = await at.pull(true);
        const text = "Where:\n/close\n/merge now\n\n- production";
        await at.comments.write(number, key, () => text);
        const [shown] = await at.said(number);
        for (const line of text.split("\n")) expect(shown).toContain(line);
      }));

    it("refuses a pull request that is not there, and says so", () =>
      using(async (at) => {
        await expect(at.comments.write(4711, key, () => "x")).rejects.toMatchObject({
          name: "GluError",
          code: "comment/not-found",
          fix: expect.any(String),
        });
      }));
  });
}

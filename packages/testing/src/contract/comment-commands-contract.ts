import type { CommentCommands } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge: ada owns it, bob may read it, eve has an account, and nobody is called `nobody-of-that-name`. */
export interface CommentCommandsFixture extends AsyncDisposable {
  commands: CommentCommands;
  /** With a token that the forge does not know, and without one. */
  stranger: CommentCommands;
  nobody: CommentCommands;
  /** Ada opens a pull request, and pushes once more to its branch. */
  pull(): Promise<{ number: number; head: string; branch: string }>;
  /** Ada comments. @returns the comment's number */
  say(pull: number, body: string): Promise<number>;
  /** By the forge's own words. */
  reactions(comment: number): Promise<string[]>;
}

/** What every {@link CommentCommands} must do. `create` makes a repository. */
export function commentCommandsContract(name: string, create: () => Promise<CommentCommandsFixture>): void {
  const using = async (test: (at: CommentCommandsFixture) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture);
  };

  describe(`${name} as commands in comments`, () => {
    it.each([
      ["ada", true],
      ["ADA", true],
      ["bob", false],
      ["eve", false],
      ["nobody-of-that-name", false],
      ["../ada", false],
    ])("says whether %s may write: %s", (user, may) =>
      using(async ({ commands }) => expect(await commands.mayWrite(user)).toBe(may)),
    );

    it("says since when a head is there, of its own commit alone", () =>
      using(async ({ commands, pull }) => {
        const { number, head, branch } = await pull();
        const since = await commands.headSince({ number, head, branch });
        expect(Math.abs((since ?? 0) - Date.now())).toBeLessThan(60_000);
        expect(await commands.headSince({ number, head: "0".repeat(40), branch })).toBeUndefined();
        expect(await commands.headSince({ number, head: "", branch })).toBeUndefined();
      }));

    it("reacts once to a comment, however often it is asked to", () =>
      using(async ({ commands, pull, say, reactions }) => {
        const { number } = await pull();
        const [one, other] = [await say(number, "/preview up"), await say(number, "/preview down")];
        for (let times = 0; times < 2; times++) await commands.react(one, "done");
        await commands.react(other, "refused");
        expect([await reactions(one), await reactions(other)]).toEqual([["rocket"], ["-1"]]);
      }));

    it("says of a comment that is not there that it is not found", () =>
      using(async ({ commands }) => {
        await expect(commands.react(4711_000, "done")).rejects.toMatchObject({
          code: "comment/not-found",
          fix: expect.stringMatching(/\S/),
        });
      }));

    it("knows nothing by a token that is not accepted, and asks nothing without one", () =>
      using(async ({ stranger, nobody }) => {
        await expect(stranger.mayWrite("ada")).rejects.toMatchObject({ code: "actor/unauthorised" });
        await expect(stranger.react(1, "done")).rejects.toMatchObject({ code: "comment/unauthorised" });
        for (const call of [nobody.mayWrite("ada"), nobody.react(1, "done")]) {
          await expect(call).rejects.toMatchObject({ kind: "outside", code: "actor/no-token" });
        }
      }));
  });
}

import type { Actors } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A forge with a run, a token and a team. */
export interface ActorsFixture extends AsyncDisposable {
  /** Who asks in the run, with a token that may. */
  actors: Actors;
  /** Who asks outside of any run. */
  outside: Actors;
  /** Who asks with a token that the forge does not know, and without one. */
  stranger: Actors;
  nobody: Actors;
  /** Who started the run. */
  starter: string;
  /** Whose the token is. */
  owner: string;
  /** One that ada is in, and bob is not. */
  team: string;
}

const never = new AbortController().signal;

/** What every {@link Actors} must do. `create` makes a forge. */
export function actorsContract(name: string, create: () => Promise<ActorsFixture>): void {
  const using = async (test: (at: ActorsFixture) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture);
  };

  describe(`${name} as actors`, () => {
    it("vouches for who started the run", () =>
      using(async ({ actors, starter }) => {
        expect(await actors.startedBy(never)).toEqual({ name: starter, verified: true });
      }));

    it("vouches for nobody where there is no run", () =>
      using(async ({ outside }) => {
        expect(await outside.startedBy(never)).toBeUndefined();
      }));

    it("says whose the token is", () =>
      using(async ({ actors, owner }) => {
        expect(await actors.self()).toBe(owner);
        expect(await actors.self()).toBe(owner);
      }));

    it.each([
      ["ada", true],
      ["ADA", true],
      ["bob", false],
      ["ad", false],
      ["nobody-of-that-name", false],
      ["../ada", false],
    ])("says whether %s is in the team: %s", (user, isIn) =>
      using(async ({ actors, team }) => {
        expect(await actors.isIn(team, user, never)).toBe(isIn);
      }),
    );

    it("says of a team that it does not know that it is not found", () =>
      using(async ({ actors, team }) => {
        const [org] = team.split("/");
        for (const unknown of [`${org}/gone`, "gone/team"]) {
          await expect(actors.isIn(unknown, "ada", never)).rejects.toMatchObject({
            kind: "outside",
            code: "team/not-found",
            fix: expect.stringMatching(/\S/),
          });
        }
      }));

    it("says of a token that it does not know that it is not accepted, and vouches for nobody", () =>
      using(async ({ stranger, team }) => {
        const refused = (code: string) => ({ kind: "outside", code, fix: expect.stringMatching(/\S/) });
        await expect(stranger.startedBy(never)).rejects.toMatchObject(refused("actor/unauthorised"));
        await expect(stranger.self()).rejects.toMatchObject(refused("actor/unauthorised"));
        await expect(stranger.isIn(team, "ada", never)).rejects.toMatchObject(refused("team/unauthorised"));
      }));

    it("asks nothing without a token", () =>
      using(async ({ nobody, team }) => {
        await expect(nobody.startedBy(never)).rejects.toMatchObject({ kind: "outside", code: "actor/no-token" });
        await expect(nobody.self()).rejects.toMatchObject({ kind: "outside", code: "actor/no-token" });
        await expect(nobody.isIn(team, "ada", never)).rejects.toMatchObject({ kind: "outside", code: "team/no-token" });
      }));
  });
}

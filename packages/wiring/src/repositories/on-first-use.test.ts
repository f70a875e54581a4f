import { type RefName, UserError } from "@glu/core";
import { expect, it } from "vitest";
import { configRepositoryOnFirstUse, storeOnFirstUse } from "./on-first-use.ts";

const refuse = () => Promise.reject(new UserError("repository/location", "It is no location."));

const once = <T>(read: () => Promise<T>) => read();

it("what could not be opened says so once and is closed without another word", async () => {
  const use = async () => {
    await using store = storeOnFirstUse("-x", refuse);
    await using repository = configRepositoryOnFirstUse(
      { location: "-x", branch: "refs/heads/a" as RefName },
      refuse,
      once,
    );
    await store.ids("web" as never).catch(() => undefined);
    await repository.open();
  };
  await expect(use()).rejects.toMatchObject({ code: "repository/location" });
});

it("a tip that was asked for ahead is what the first open gives, and the second asks again", async () => {
  let asked = 0;
  const open = async () => ({ open: async () => ({ commit: String(++asked) }) }) as never;
  const repository = configRepositoryOnFirstUse({ location: "here", branch: undefined }, open);
  repository.openAhead();
  expect(await repository.open()).toMatchObject({ commit: "1" });
  expect(await repository.open()).toMatchObject({ commit: "2" });
});

it("a tip that could not be read ahead is an error of the first open alone", async () => {
  let well = false;
  const open = async () => (well ? ({ open: async () => ({ commit: "1" }) } as never) : refuse());
  const repository = configRepositoryOnFirstUse({ location: "here", branch: undefined }, open);
  await repository.openAhead().catch(() => undefined);
  well = true;
  await expect(repository.open()).rejects.toMatchObject({ code: "repository/location" });
  expect(await repository.open()).toMatchObject({ commit: "1" });
});

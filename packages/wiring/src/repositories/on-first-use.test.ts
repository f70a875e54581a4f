import { type RefName, UserError } from "@glu/core";
import { expect, it } from "vitest";
import { configRepositoryOnFirstUse, storeOnFirstUse } from "./on-first-use.ts";

const refuse = () => Promise.reject(new UserError("repository/location", "It is no location."));

it("what could not be opened says so once and is closed without another word", async () => {
  const use = async () => {
    await using store = storeOnFirstUse("-x", refuse);
    await using repository = configRepositoryOnFirstUse({ location: "-x", branch: "refs/heads/a" as RefName }, refuse);
    await store.ids("web" as never).catch(() => undefined);
    await repository.open();
  };
  await expect(use()).rejects.toMatchObject({ code: "repository/location" });
});

import { expect, it } from "vitest";
import { appName, requestId } from "../model/names.ts";
import { minute, morning, previewWorld, upOf } from "../test-kit/previews.ts";
import { previewsOfGoneBranch } from "./branch-gone.ts";
import { readAll } from "./state.ts";
import { previewUp } from "./up.ts";

const web = appName("web");
const gone = (branch: string) => ({
  ...{ apps: [web], branch, actor: { name: "ada", verified: true }, request: requestId("r") },
  ...{ author: undefined, plan: false },
});

async function world() {
  const at = previewWorld();
  for (const number of [1, 2, 3, 4]) {
    const branch = number === 4 ? "other" : "change";
    await previewUp(upOf(at.pulls.set(number, { branch, fromFork: number === 2 })), at);
  }
  const numbers = async () => (await readAll(await at.repository.open())).previews.map(({ number }) => number);
  return { at, numbers };
}
const closed = { isOpen: false, closedAt: morning + minute, updatedAt: morning + minute };

it("takes down what is closed of that branch, as one commit, and no open one that is called alike", async () => {
  const { at, numbers } = await world();
  for (const number of [1, 3, 4]) at.pulls.set(number, closed);
  const before = at.repository.commits.length;
  expect(await previewsOfGoneBranch({ ...gone("change"), plan: true }, at)).toMatchObject({ gone: { length: 2 } });
  expect(at.repository.commits).toHaveLength(before);
  const result = await previewsOfGoneBranch(gone("change"), at);
  expect(result).toMatchObject({ state: "removed", gone: [{ number: 1 }, { number: 3 }], open: [{ number: 2 }] });
  expect(at.repository.commits).toHaveLength(before + 1);
  expect(await numbers()).toEqual([2, 4]);
  const again = await previewsOfGoneBranch(gone("change"), at);
  expect(again).toMatchObject({ state: "unchanged", commit: undefined, gone: [] });
});

it("believes no answer of before what stands there, and brings nothing older back", async () => {
  const { at, numbers } = await world();
  const before = at.pulls.set(1, closed);
  const reopened = at.pulls.set(1, { isOpen: true, closedAt: undefined, updatedAt: morning + 2 * minute });
  await previewUp(upOf(reopened), at);
  at.pulls.all.set(1, before);
  expect(await previewsOfGoneBranch(gone("change"), at)).toMatchObject({ state: "unchanged" });
  at.pulls.set(1, { ...closed, closedAt: morning + 3 * minute, updatedAt: morning + 3 * minute });
  expect(await previewsOfGoneBranch(gone("change"), at)).toMatchObject({ state: "removed" });
  expect(await previewUp(upOf(reopened), { ...at, pulls: undefined })).toMatchObject({ state: "refused" });
  expect(await numbers()).toEqual([2, 3, 4]);
});

it("finds those of records that know no branch by what the forge says", async () => {
  const at = previewWorld();
  for (const number of [1, 2]) {
    await previewUp(upOf(at.pulls.set(number, { branch: `change-${number}` }), { branch: undefined }), at);
    at.pulls.set(number, closed);
  }
  expect(await previewsOfGoneBranch(gone("change-2"), at)).toMatchObject({ gone: [{ number: 2 }] });
});

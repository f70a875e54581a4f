import { expect, test } from "vitest";
import { artifact, bytes, decision } from "../golden/scenarios.ts";
import { joinChanges } from "./join-changes.ts";

const change = (path: string, before: string | undefined, after: string) => ({
  path,
  before: before === undefined ? undefined : bytes(before),
  after: bytes(after),
});
const promoted = (changes: ReturnType<typeof change>[]) =>
  decision(artifact("web", "1.0.0", 1), "eu", "promoted", "x", { changes });

test("apps that share a file make one change of it, from the first state to the last", () => {
  const all = [promoted([change("v", "1", "2")]), promoted([change("v", "2", "3"), change("w", undefined, "x")])];
  expect(joinChanges(all)).toEqual([change("v", "1", "3"), change("w", undefined, "x")]);
});

test("what is held or refused changes nothing", () => {
  const changes = [change("v", "1", "2")];
  expect(
    joinChanges([
      { ...promoted(changes), result: "held" },
      { ...promoted(changes), result: "refused" },
    ]),
  ).toEqual([]);
});

test("one change that two decisions carry is shown once, and changes that do not follow each other stay apart", () => {
  expect(joinChanges([promoted([change("v", "1", "2")]), promoted([change("v", "1", "2")])])).toHaveLength(1);
  expect(joinChanges([promoted([change("v", "1", "2")]), promoted([change("v", "1", "3")])])).toHaveLength(2);
});

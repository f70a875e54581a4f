import { expect, it } from "vitest";
import { type GitPart, nameOfPart } from "./source.ts";

it.each([
  ["acme/web", "acme/web"],
  ["https://git.example/acme/web.git", "git.example/acme/web"],
  ["ssh://git@git.example:2222/acme/web", "git.example:2222/acme/web"],
  ["git@git.example:acme/web.git", "git.example/acme/web"],
])("a repository is called the same however it is reached: %s", (repository, name) => {
  const order = { kind: "semver", range: "*", prereleases: false } as const;
  const part: GitPart = { kind: "git", repository, refs: "tags", order, pattern: undefined, ignore: [] };
  expect(nameOfPart(part)).toBe(name);
});

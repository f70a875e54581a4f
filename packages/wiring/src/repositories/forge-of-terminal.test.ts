import type { CiContext } from "@glu/core";
import { expect, it } from "vitest";
import { forgeOfTerminal } from "./forge-of-terminal.ts";

const terminal = { host: "terminal" } as CiContext;
const own = "https://git.acme.test/gitlab";
it.each<[string, string | undefined, Record<string, string>, string | undefined]>([
  ["a clone of github.com", "git@github.com:acme/web.git", {}, "github https://api.github.com"],
  ["a clone of gitlab.com", "https://gitlab.com/acme/team/web.git", {}, "gitlab https://gitlab.com/api/v4"],
  ["no clone", undefined, {}, undefined],
  ["a clone of a server that nobody names", "https://git.acme.test/acme/web.git", {}, undefined],
  ["a folder", "/srv/web.git", {}, undefined],
  ["a named kind alone", undefined, { GLU_FORGE: "github" }, "github https://api.github.com"],
  ["a named kind alone that is nowhere", undefined, { GLU_FORGE: "gitea" }, undefined],
  [
    "a clone of the named kind",
    "ssh://git@git.acme.test/acme/web.git",
    { GLU_FORGE: "gitea" },
    "gitea https://git.acme.test/api/v1",
  ],
  [
    "a clone of another kind",
    "https://gitlab.com/acme/web.git",
    { GLU_FORGE: "github" },
    "github https://api.github.com",
  ],
  ["a named server", undefined, { GLU_FORGE: "gitlab", GLU_SERVER_URL: `${own}/` }, `gitlab ${own}/api/v4`],
  [
    "a named server, and a clone of another",
    "https://github.com/acme/web.git",
    { GLU_FORGE: "gitlab", GLU_SERVER_URL: own },
    `gitlab ${own}/api/v4`,
  ],
  ["a server without its kind", undefined, { GLU_SERVER_URL: own }, undefined],
])("what is asked for by name at a terminal, with %s", (_, origin, env, expected) => {
  const found = forgeOfTerminal(origin, terminal, env);
  expect(found && `${found.forge} ${found.apiUrl}`).toBe(expected);
});

it("a kind that is none is said", () => {
  expect(() => forgeOfTerminal(undefined, terminal, { GLU_FORGE: "bitbucket" })).toThrow(/GLU_FORGE is "bitbucket"/);
});

import type { CiContext } from "@glu/core";
import { expect, it } from "vitest";
import { forgeAt, githubAt } from "./forge-at.ts";

const terminal = { host: "terminal" } as CiContext;
const job = (host: CiContext["host"], serverUrl: string, apiUrl: string) => ({ host, serverUrl, apiUrl }) as CiContext;

it.each<[string, CiContext, string | undefined]>([
  ["https://github.com/acme/config.git", terminal, "github https://api.github.com acme/config"],
  ["git@github.com:acme/config.git", terminal, "github https://api.github.com acme/config"],
  ["https://acme.ghe.com/acme/config", terminal, "github https://api.acme.ghe.com acme/config"],
  ["https://gitlab.com/acme/team/config.git", terminal, "gitlab https://gitlab.com/api/v4 acme/team/config"],
  ["https://git.acme.test/acme/config.git", terminal, undefined],
  ["https://github.com.evil.test/acme/config.git", terminal, undefined],
  ["https://evil.test/github.com/config.git", terminal, undefined],
  ["/srv/config.git", terminal, undefined],
  [
    "https://git.acme.test/gitea/acme/config.git",
    job("gitea", "https://git.acme.test/gitea", "https://git.acme.test/gitea/api/v1"),
    "gitea https://git.acme.test/gitea/api/v1 acme/config",
  ],
  [
    "https://ghe.acme.test:8443/acme/config.git",
    job("github", "https://ghe.acme.test:8443", "https://ghe.acme.test:8443/api/v3"),
    "github https://ghe.acme.test:8443/api/v3 acme/config",
  ],
  [
    "https://github.com/acme/config.git",
    job("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4"),
    "github https://api.github.com acme/config",
  ],
])("the forge of %s", (location, context, expected) => {
  const found = forgeAt(location, context);
  expect(found && `${found.forge} ${found.apiUrl} ${found.repository}`).toBe(expected);
});

it("a GitHub Enterprise Server has its API below it", () => {
  expect(githubAt("https://ghe.acme.test:8443/acme/config.git")?.apiUrl).toBe("https://ghe.acme.test:8443/api/v3");
});

it.each<[string, Record<string, string>, string | undefined]>([
  ["https://git.acme.test/acme/config.git", { GLU_FORGE: "gitea" }, "gitea https://git.acme.test/api/v1 acme/config"],
  ["git@git.acme.test:acme/a/config.git", { GLU_FORGE: "gitlab" }, "gitlab https://git.acme.test/api/v4 acme/a/config"],
  [
    "https://git.acme.test:8443/acme/config.git",
    { GLU_FORGE: "github" },
    "github https://git.acme.test:8443/api/v3 acme/config",
  ],
  [
    "https://git.acme.test/code/acme/config.git",
    { GLU_FORGE: "gitlab", GLU_SERVER_URL: "https://git.acme.test/code/" },
    "gitlab https://git.acme.test/code/api/v4 acme/config",
  ],
  [
    "https://git.acme.test/acme/config.git",
    { GLU_FORGE: "gitlab", GLU_SERVER_URL: "https://evil.test" },
    "gitlab https://git.acme.test/api/v4 acme/config",
  ],
  ["https://github.com/acme/config.git", { GLU_FORGE: "gitea" }, "github https://api.github.com acme/config"],
  ["/srv/config.git", { GLU_FORGE: "gitea" }, undefined],
])("at a terminal GLU_FORGE says what the server of %s is: %j", (location, env, expected) => {
  const found = forgeAt(location, terminal, env);
  expect(found && `${found.forge} ${found.apiUrl} ${found.repository}`).toBe(expected);
});

it("a forge of another name is an error", () => {
  const of = () => forgeAt("https://git.acme.test/a/b.git", terminal, { GLU_FORGE: "svn" });
  expect(of).toThrow(expect.objectContaining({ code: "forge/unknown-kind", exitCode: 2 }));
});

import type { CiContext } from "@glu/core";
import { expect, it } from "vitest";
import { locateBeside, locateRepository, repositoryNameOf } from "./locate.ts";

const gitea = "https://example.com:3000/git";

it.each([
  [`${gitea}/acme/config.git`, gitea, `${gitea}/acme/web.git`, "acme/config"],
  [`${gitea}/acme/config.git`, `${gitea}/`, `${gitea}/acme/web.git`, "acme/config"],
  ["https://gitlab.com/a/b/config.git", "https://gitlab.com", "https://gitlab.com/acme/web.git", "a/b/config"],
  ["https://gitlab.com/a/b/config.git", undefined, "https://gitlab.com/acme/web.git", "a/b/config"],
  ["https://github.com/acme/config.git", gitea, "https://github.com/acme/web.git", "acme/config"],
  ["git@github.com:acme/config.git", "https://github.com", "git@github.com:acme/web.git", "acme/config"],
  ["/srv/config.git", gitea, undefined, undefined],
])("beside %s on %s lies %s", (config, serverUrl, beside, name) => {
  expect(locateBeside("acme/web", config, serverUrl)).toBe(beside);
  expect(repositoryNameOf(config, serverUrl)).toBe(name);
});

it.each([
  [undefined, "https://github.com/me/app.git", "https://github.com/acme/config.git"],
  [`${gitea}/`, "https://github.com/me/app.git", `${gitea}/acme/config.git`],
  [gitea, undefined, `${gitea}/acme/config.git`],
  [gitea, `${gitea}/me/app.git`, `${gitea}/acme/config.git`],
  ["https://git.example", "https://git.example/me/app.git", "https://git.example/acme/config.git"],
  ["https://git.example", "git@git.example:me/app.git", "git@git.example:acme/config.git"],
  ["https://git.example", "git@github.com:me/app.git", "https://git.example/acme/config.git"],
])(
  "owner/name at a terminal with GLU_SERVER_URL=%s, in a working copy of %s, lies at %s",
  async (serverUrl, origin, at) => {
    const context = { host: "terminal" } as CiContext;
    const locator = { context, serverUrl, origin: async () => origin, cwd: "/work" };
    expect(await locateRepository("acme/config", locator)).toBe(at);
    expect(await locateRepository("./acme/config", locator)).toBe("./acme/config");
  },
);

it("owner/name where no forge is known is an error that names the variable", async () => {
  const context = { host: "terminal" } as CiContext;
  await expect(
    locateRepository("acme/config", { context, origin: async () => undefined, cwd: "/work" }),
  ).rejects.toMatchObject({ code: "repository/no-forge", fix: expect.stringContaining("GLU_SERVER_URL") });
});

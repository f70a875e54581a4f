import { expect, it } from "vitest";
import { locateBeside, repositoryNameOf } from "./locate.ts";

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

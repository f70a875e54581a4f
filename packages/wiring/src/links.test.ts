import type { Artifact } from "@glu/core";
import { expect, it } from "vitest";
import { linksOf } from "./links.ts";
import type { Surroundings } from "./surroundings.ts";

const links = linksOf("https://git.test/acme/config.git", { context: { host: "terminal", run: {} } } as Surroundings);
const [a, b] = ["a".repeat(40), "b".repeat(40)];
const built = (sha: string, url: string | undefined) => ({ version: { sha, url } }) as Artifact;

it.each([
  ["GitHub", "https://github.com/acme/web/commit/", "https://github.com/acme/web/compare/"],
  ["GitLab", "https://gitlab.com/acme/shop/web/-/commit/", "https://gitlab.com/acme/shop/web/-/compare/"],
  ["Gitea", "https://git.test/acme/web/commit/", "https://git.test/acme/web/compare/"],
])("commits of a source repository on %s have an address, and the way between two", (_, commit, compare) => {
  const [from, to] = [built(a, `${commit}${a}`), built(b, `${commit}${b}`)];
  expect(links.sourceCommit?.(to, a)).toBe(`${commit}${a}`);
  expect(links.compare?.(from, to)).toBe(`${compare}${a}...${b}`);
  // A pull request's artifact leads to the pull request.
  expect(links.compare?.(from, built(b, "https://git.test/acme/web/pulls/7"))).toBe(`${compare}${a}...${b}`);
});

it("what no forge built has no address", () => {
  expect(links.sourceCommit?.(built(a, undefined), b)).toBeUndefined();
  expect(links.compare?.(built(a, undefined), built(b, "https://evil.test/commit/x"))).toBeUndefined();
});

it.each([
  ["terminal", undefined, "https://github.com/acme/gitlab-config.git", "https://github.com/acme/gitlab-config/commit/"],
  ["terminal", undefined, "https://gitlab.acme.dev/ops/config.git", "https://gitlab.acme.dev/ops/config/-/commit/"],
  [
    "gitlab",
    "https://git.acme.dev",
    "https://git.acme.dev/ops/config.git",
    "https://git.acme.dev/ops/config/-/commit/",
  ],
  ["gitlab", "https://git.acme.dev", "https://github.com/acme/config.git", "https://github.com/acme/config/commit/"],
  ["github", "https://github.com", "https://gitlab.com/acme/config.git", "https://gitlab.com/acme/config/-/commit/"],
  ["gitea", "https://x.dev:3000/git", "https://x.dev:3000/git/a/b.git", "https://x.dev:3000/git/a/b/commit/"],
])(
  "a commit of the config repository has the address of its own forge: %s %s %s",
  (host, serverUrl, location, said) => {
    const { commit } = linksOf(location, { context: { host, serverUrl, run: {} } } as Surroundings);
    expect(commit?.(a)).toBe(`${said}${a}`);
  },
);

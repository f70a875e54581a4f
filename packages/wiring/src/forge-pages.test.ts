import type { RefName, RepoPath } from "@glu/core";
import { expect, it } from "vitest";
import { commitPage, filePage, repositoryPage } from "./forge-pages.ts";

it.each([
  ["github", "https://github.com/acme/config", "commit/abc", "blob/releases/v1/.glu/web/a%20b.json"],
  ["gitlab", "https://git.test/code/acme/config", "-/commit/abc", "-/blob/releases/v1/.glu/web/a%20b.json"],
  ["gitea", "https://git.test/acme/config", "commit/abc", "src/branch/releases/v1/.glu/web/a%20b.json"],
] as const)("pages of a repository on %s are below its address", (forge, page, commit, file) => {
  const serverUrl = page.replace(/\/acme\/config$/, "");
  const place = { forge, serverUrl, apiUrl: "", repository: "acme/config" };
  expect(repositoryPage(place)).toBe(page);
  expect(commitPage(place, "abc")).toBe(`${page}/${commit}`);
  const path = ".glu/web/a b.json" as RepoPath;
  expect(filePage(place, "refs/heads/releases/v1" as RefName, path)).toBe(`${page}/${file}`);
});

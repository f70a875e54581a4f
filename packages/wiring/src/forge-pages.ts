import { type RefName, type RepoPath, shortRef } from "@glu/core";
import type { ForgePlace } from "./repositories/forge-at.ts";

/** The page of a repository. */
export const repositoryPage = ({ serverUrl, repository }: ForgePlace): string =>
  `${serverUrl.replace(/\/+$/, "")}/${repository}`;

/** The page of a commit. */
export const commitPage = (place: ForgePlace, sha: string): string =>
  `${repositoryPage(place)}/${place.forge === "gitlab" ? "-/commit" : "commit"}/${sha}`;

const filePages = { github: "blob", gitlab: "-/blob", gitea: "src/branch" } as const;

/** The page of a file on a branch. */
export function filePage(place: ForgePlace, branch: RefName, path: RepoPath): string {
  const encoded = [...shortRef(branch).split("/"), ...path.split("/")].map(encodeURIComponent).join("/");
  return `${repositoryPage(place)}/${filePages[place.forge]}/${encoded}`;
}

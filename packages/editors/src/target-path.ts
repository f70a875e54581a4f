import { type RepoPath, repoPath } from "@glu/core";
import { refusePath } from "./refusal.ts";

/** A path that an edit may name. Refuses with `edit/path` what leaves the repository; what is Glu's or CI's own, core refuses. */
export function targetPath(value: string): RepoPath {
  return refusePath(() => repoPath(value));
}

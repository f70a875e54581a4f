import { type RepoPath, repoPath } from "@glu/core";
import { refuse, refusePath } from "./refusal.ts";

// Records and what a CI runs: an edit there could change what the next run may do.
const reserved =
  /^(?:\.glu|\.github|\.gitlab|\.gitea|\.forgejo|\.circleci|\.woodpecker)(?:\/|$)|^(?:\.gitlab-ci|\.woodpecker|\.drone)\.ya?ml$/i;

/** A path that an edit may write. Refuses with `edit/path` what leaves the repository, `.glu/` and CI files. */
export function targetPath(value: string): RepoPath {
  const path = refusePath(() => repoPath(value));
  if (reserved.test(path)) {
    refuse("edit/path", `${JSON.stringify(path)} is never written: it belongs to Glu or to the CI.`, {
      fix: "Keep deployment files outside of these folders.",
    });
  }
  return path;
}

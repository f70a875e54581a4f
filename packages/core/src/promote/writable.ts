import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";

const ciFiles = [/^\.github\//i, /^\.gitlab\//i, /^\.gitlab-ci\.ya?ml$/i, /^\.gitea\//i, /^\.forgejo\//i];

/**
 * Refuses paths that `write` never touches: Glu's own state, and what decides how CI runs.
 * @throws UserError `edit/forbidden-path`
 */
export function assertWritable(path: RepoPath, configFile: RepoPath): void {
  const why = /^\.glu\//i.test(path)
    ? "Glu keeps its records there"
    : ciFiles.some((pattern) => pattern.test(path))
      ? "it decides what CI runs"
      : path.toLowerCase() === configFile.toLowerCase()
        ? "it is the config itself"
        : undefined;
  if (why === undefined) return;
  throw new UserError("edit/forbidden-path", `"write" may not change ${path}: ${why}.`, {
    seen: path,
    fix: "Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.",
  });
}

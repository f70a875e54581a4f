import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";

// File systems may fold case, and a runner on one of those would run what was written.
const ciFiles =
  /^(?:\.github|\.gitlab|\.gitea|\.forgejo|\.circleci|\.woodpecker)\/|^(?:\.gitlab-ci|\.woodpecker|\.drone)\.ya?ml$/i;
const configFiles = /^glu\.(?:ya?ml|config\.ts)$|^glu\//i;

/**
 * Refuses paths that `write` never touches: Glu's own state, what decides promotions, and what decides how CI runs.
 * @throws UserError `edit/forbidden-path`
 */
export function assertWritable(path: RepoPath, configFile: RepoPath): void {
  const why = /^\.glu\//i.test(path)
    ? "Glu keeps its records there"
    : ciFiles.test(path)
      ? "it decides what CI runs"
      : configFiles.test(path) || path.toLowerCase() === configFile.toLowerCase()
        ? "it decides what is promoted"
        : undefined;
  if (why === undefined) return;
  throw new UserError("edit/forbidden-path", `"write" may not change ${path}: ${why}.`, {
    seen: path,
    fix: "Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.",
  });
}

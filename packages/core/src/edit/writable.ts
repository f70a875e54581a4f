import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";

/** What decides how CI runs, at the root: folders with all in them, and the files that a CI system reads by name. */
const ci = [
  /\.(?:github|gitlab|gitea|forgejo|bitbucket|circleci|buildkite|tekton|semaphore|teamcity|harness|builds)/,
  /\.(?:gitlab-ci|woodpecker)[^/]*/,
  /\.drone\.[^/]+/,
  /\.(?:travis|cirrus|build)\.ya?ml/,
  /\.cirrus\.star/,
  /\.?(?:azure-pipelines[^/]*|appveyor)\.ya?ml/,
  /(?:bitbucket-pipelines|buildspec|codefresh|screwdriver)\.ya?ml/,
  /cloudbuild[^/]*\.(?:ya?ml|json)/,
  /jenkinsfile(?:[.-][^/]*)?/,
];

/** Names, folded, at the root; what lies below one is guarded with it, and so is a file in the place of a folder. */
const guarded: readonly [names: readonly RegExp[], why: string][] = [
  [[/\.glu/], "Glu keeps its records there"],
  [ci, "it decides what CI runs"],
  // The others lie in folders of CI.
  // One of them lies in a folder: see `deeper`.
  [[/(?:docs\/)?codeowners/], "it decides who may approve a change"],
  [[/glu/, /glu\.(?:ya?ml|config\.ts)/], "it decides what is promoted"],
];
const reasons = guarded.map(([names, why]) => {
  return { pattern: new RegExp(`^(?:${names.map(({ source }) => source).join("|")})(?:/|$)`), why };
});
const anyReason = new RegExp(reasons.map(({ pattern }) => pattern.source).join("|"));

/**
 * Refuses paths that `write` never touches: Glu's own state, what decides promotions, what decides how CI runs, and who
 * may approve a change.
 * @throws UserError `edit/forbidden-path`
 */
export function assertWritable(path: RepoPath, configFile: RepoPath): void {
  guardBeside(configFile)(path);
}

/** {@link assertWritable} for many paths of one config. */
export function guardBeside(configFile: RepoPath): (path: RepoPath) => void {
  const own = fold(configFile);
  return (path) => {
    const folded = fold(path);
    const isConfig = folded === own || folded.startsWith(`${own}/`);
    if (!isConfig && !anyReason.test(folded)) return;
    const why = isConfig ? "it decides what is promoted" : reasons.find(({ pattern }) => pattern.test(folded))?.why;
    throw new UserError("edit/forbidden-path", `"write" may not change ${path}: ${why}.`, {
      seen: path,
      fix: "Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.",
    });
  };
}

/** What of the guarded lies below a folder that is not guarded itself. */
const deeper = ["docs/codeowners"];

/** Whether every path below a folder is one that `write` may change, whatever it is called. The root is no such folder. */
export function nothingGuardedBelow(folder: string, configFile: RepoPath): boolean {
  const below = `${fold(folder)}/`;
  if (folder === "" || [fold(configFile), ...deeper].some((one) => one.startsWith(below))) return false;
  return !anyReason.test(fold(folder)) && !below.startsWith(`${fold(configFile)}/`);
}

/**
 * The name under which a checkout may find a path: file systems fold case and Unicode's forms, leave out characters
 * that show nothing (macOS), and dots and spaces at the end of a name (Windows).
 */
function fold(path: string): string {
  return foldLetters(path).replace(/[. ]+(?=\/|$)/g, "");
}

function foldLetters(path: string): string {
  // Of ASCII there is one form only. A config may have tens of thousands of paths, hardly any of them with more.
  if (/^[ -~]*$/.test(path)) return path.toLowerCase();
  return path
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC");
}

/**
 * The oldest Git that does all that is asked of it: `git fetch --refetch` is what came last
 * (https://github.com/git/git/blob/master/Documentation/RelNotes/2.36.0.txt).
 */
export const minimumGitVersion = "2.36";

/** Whether `git version` names one that is new enough; false for a text that names none. */
export function isGitNewEnough(versionText: string): boolean {
  const [needMajor = 0, needMinor = 0] = minimumGitVersion.split(".").map(Number);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(versionText) ?? [];
  return Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor);
}

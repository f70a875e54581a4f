/** Why a forge is not told to merge something by itself. */
export type NothingToWaitFor = "draft" | "conflict" | "unknown" | undefined;

/**
 * What is said where a forge is not told to merge something by itself, since it would do it at once or never.
 * @param setting what to set, and where, so that there is something to wait for
 */
export function cannotWait(number: number, why: NothingToWaitFor, setting: string): string {
  const subject = `#${number} is not merged by itself`;
  if (why === "draft") return `${subject} as long as it is a draft.`;
  if (why === "conflict") return `${subject}: it conflicts with what is there now. The next run writes it again.`;
  if (why === "unknown")
    return `${subject} yet: the forge does not say whether it can be merged. The next run asks again.`;
  return `${subject}: nothing that is required is left to wait for, so it would be merged at once. Merge it. ${setting}`;
}

import { OutsideError, type ReviewVerdict } from "@glu/core";

/** One review, in the order in which they came. `undefined`: it takes back what the user said before. */
export interface Review {
  by: string | undefined;
  said: ReviewVerdict["said"] | undefined;
  /** It is of the head. */
  current: boolean;
}

/** What each user said last. */
export function lastOf(reviews: readonly Review[]): ReviewVerdict[] {
  const last = new Map<string, ReviewVerdict | undefined>();
  for (const { by, said, current } of reviews) {
    if (by === undefined || by === "") continue;
    last.set(by.toLowerCase(), said === undefined ? undefined : { by, said, current });
  }
  return [...last.values()].filter((one) => one !== undefined);
}

/** Names that are there. */
export const named = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined && name !== ""))] as string[];

/** Pull requests that are looked at, of those that brought one commit. */
const mostPulls = 10;

/** @throws OutsideError `approval/too-many`: whom it leaves out could have written the commit */
export function fewOf<T>(pulls: readonly T[], what: string): readonly T[] {
  if (pulls.length <= mostPulls) return pulls;
  throw new OutsideError("approval/too-many", `There are more than ${mostPulls} ${what}.`, {
    fix: "They cannot all be looked at, so nothing is said of them.",
  });
}

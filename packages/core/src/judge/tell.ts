import { isHeld, type Marked, type Unmarked } from "./mark.ts";

/** What people should know of commits that were judged: what is held and why, and what the forge was not told. */
export function tellOf(
  marked: readonly Marked[],
  unmarked: readonly Unmarked[],
): { notices: string[]; warnings: string[] } {
  const held = marked.filter(isHeld);
  const notices = held.map((one) => {
    const why = one.verdicts.filter(({ state }) => state !== "success").map(({ description }) => description);
    return `${nameOf(one, marked)} may not be merged now: ${why.join("; ")}`;
  });
  const kinds = new Map<string, Unmarked[]>();
  for (const one of unmarked) {
    const key = `${one.what}\0${one.error.code}\0${one.error.message}`;
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  const warnings = [...kinds.values()].map((same) => {
    const [{ what, error } = { what: "status", error: undefined }] = same;
    const why = [error?.message, error?.fix].filter((text) => text !== undefined).join(" ");
    const names = (list: readonly Unmarked[]) => [...new Set(list.map((one) => nameOf(one.marked, marked)))].join(", ");
    const open = same.filter((one) => isHeld(one.marked));
    // What is held and does not look so is what this is all about.
    if (open.length > 0) return `${names(open)} is held, AND CAN STILL BE MERGED: its ${what} could not be set. ${why}`;
    return `The ${what} of ${names(same)} could not be set. ${why}`;
  });
  return { notices, warnings };
}

/** Its number; with its page where another one has the same, in another repository. */
function nameOf({ proposal, commit }: Marked, all: readonly Marked[]): string {
  if (proposal === undefined) return commit.slice(0, 7);
  const { number, url } = proposal;
  const isAlone = all.every(
    (one) => one.proposal === undefined || one.proposal.number !== number || one.proposal.url === url,
  );
  return isAlone ? `#${number}` : `#${number} (${url})`;
}

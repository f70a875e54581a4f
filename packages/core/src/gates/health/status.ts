import { z } from "zod";
import type { CommitCheck } from "../../ports/checks.ts";
import { ownContexts } from "../../ports/checks.ts";
import { matches, pattern, said } from "../checks.ts";
import { checked, oneOrMore } from "../option.ts";
import { failed, healthy, type Judged, type Wanted, waits } from "./judged.ts";

export const statusOptions = checked(
  z
    .strictObject({
      context: oneOrMore(pattern).describe(
        "The statuses or checks by their names, or patterns such as kustomization/apps/*. Each must be there and have succeeded.",
      ),
    })
    .describe(
      "Statuses that Flux or Argo CD set on commits of the config repository, such as { context: kustomization/apps/* }.",
    ),
  ({ context }) => {
    const names = [context].flat();
    const code = "config/value";
    if (names.every((name) => name.startsWith("!"))) {
      return { code, key: "context", message: "must name what is wanted", fix: "Add a name or a pattern." };
    }
    const own = names.find((name) => name.startsWith(ownContexts));
    if (own === undefined) return undefined;
    const fix = "Remove it: what Glu says of its own decisions never counts.";
    return { code, key: "context", message: `must not name ${own}, which is Glu's own`, fix };
  },
);

export type StatusOptions = z.infer<typeof statusOptions>;

/** What the forge shows: on the release's own commit, and on the newest one that has it. */
export interface SeenStatuses {
  own: readonly CommitCheck[] | undefined;
  newest: readonly CommitCheck[] | undefined;
  /** The commit to point people to. */
  commit: string;
}

/**
 * Pure: what the statuses say. What succeeded on either commit has. What failed on the release's own has, unless it
 * succeeded on a later one; what failed on a later one alone may be the fault of that one.
 */
export function judgeStatuses(
  { own = [], newest = [], commit }: SeenStatuses,
  { context }: StatusOptions,
  wanted: Wanted,
): Judged {
  const names = [context].flat();
  const isMeant = (check: CommitCheck) => matches(check, names);
  const of = (all: readonly CommitCheck[]) => all.filter(isMeant);
  const [mine, later] = [of(own), of(newest)];
  const at = commit.slice(0, 7);
  const all = [...new Set([...mine, ...later].map(({ name }) => name))];
  const isIn = (checks: readonly CommitCheck[], name: string, state: CommitCheck["state"]) =>
    checks.some((check) => check.name === name && check.state === state);
  const open = all.filter((name) => !isIn(mine, name, "succeeded") && !isIn(later, name, "succeeded"));
  const linked = (name: string | undefined) => [...later, ...mine].find((check) => check.name === name)?.url;
  const [bad] = open.filter((name) => isIn(mine, name, "failed"));
  if (bad !== undefined) {
    const seen = `${said([bad])} failed on ${at}`;
    const more = { url: linked(bad) };
    return wanted === undefined ? waits(seen, "health/degraded", more) : failed(seen, more);
  }
  const missing = names.filter((one) => !one.startsWith("!") && !all.some((name) => matches({ name }, [one])));
  if (missing.length > 0) {
    return waits(`${said(missing)} ${missing.length === 1 ? "is" : "are"} not on ${at}`, "health/no-status", {
      clearedBy: "what sets it, when it has seen the commit",
    });
  }
  const [first] = open;
  if (first === undefined) return healthy(`${said(all)} succeeded on ${at}`);
  const isLate = isIn(later, first, "failed");
  const how = isLate ? "failed on a later commit" : open.length === 1 ? "is pending" : "are pending";
  return waits(
    `${said(isLate ? [first] : open)} ${how}, and did not succeed on ${at}`,
    isLate ? "health/degraded" : "health/progressing",
    {
      url: linked(first),
    },
  );
}

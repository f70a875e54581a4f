import type { Previews } from "../model/pipeline.ts";
import type { Preview } from "../model/preview.ts";
import type { Pull, Pulls } from "../ports/pulls.ts";
import { expiryOf } from "./expiry.ts";
import { isElsewhere, missedClose } from "./missed.ts";
import { asOf } from "./take-down.ts";

/** One that goes, and what should have taken it down before. */
export interface Swept {
  preview: Preview;
  because: "orphan" | "idle" | "too-old";
  /** In words, for people. */
  cause: string;
}

/** With the clock of its tombstone. */
export type Due = Swept & { clock: number };

export function undeclared(preview: Preview): Due {
  return {
    ...{ preview, because: "orphan", clock: asOf(preview) },
    cause: `the config does not declare ${preview.app} any more`,
  };
}

interface Judging {
  pulls: Pick<Pulls, "find">;
  now: number;
  request: { repository: string | undefined; asking: Pick<Previews, "when" | "label"> };
}

/**
 * Whether a preview is to go, and why. What is gone from the list of open ones is asked for by name: a list may have been
 * made before it was opened. An answer that is older than what stands there is of a copy that lags behind, and says nothing.
 */
export async function dueOf(
  preview: Preview,
  open: ReadonlyMap<number, Pull>,
  { pulls, now, request: { repository, asking } }: Judging,
): Promise<Due | undefined> {
  const { number } = preview;
  const live = open.get(number) ?? (await pulls.find(number));
  const asked = asOf(preview);
  const orphan = (cause: string, clock = asked): Due => ({ preview, because: "orphan", cause, clock });
  if (isElsewhere(preview, repository, live)) {
    return orphan(`it is of ${preview.repository}, and ${preview.app} is in ${repository} now`);
  }
  if (live === undefined) return orphan(missedClose(number, live));
  const isLate = live.updatedAt < asked;
  if (!live.isOpen && !isLate) return orphan(missedClose(number, live), Math.max(live.closedAt ?? 0, asked));
  if (live.isOpen && !isLate && isLabelled(preview, asking) && !live.labels.includes(asking.label)) {
    return orphan(`the label ${asking.label} was taken off #${number}, and no job of that took its preview down`);
  }
  const expiry = expiryOf(preview);
  if (expiry.at > now) return undefined;
  const cause =
    expiry.because === "idle"
      ? `nothing has happened since ${preview.clock}`
      : `it is there since ${preview.createdAt}`;
  return { preview, because: expiry.because, cause, clock: asked };
}

/** It is there for a label that is on its pull request. */
const isLabelled = ({ trust: { by } }: Preview, { when }: Pick<Previews, "when">): boolean =>
  by === "label" || (by === "repository" && when === "label");

import type { CiContext, PullEvent } from "../model/ci-context.ts";
import type { Previews } from "../model/pipeline.ts";
import type { Trust } from "../model/preview.ts";
import type { EventTime } from "./clock.ts";

/** Whether an event asks for a preview, and who vouches for its commit. */
export type Wish = { wanted: true; trust: Trust | undefined } | { wanted: false; why: string };

/**
 * What an event of a pull request asks for. A commit of the repository itself is trusted; one of a fork only by the event
 * of the label being put on it: that the label is still there after a push says nothing of what was pushed.
 */
export function wishOf(
  { pull, fork }: { pull: PullEvent } & Pick<CiContext, "fork">,
  { when, label, forks }: Pick<Previews, "when" | "label" | "forks">,
): Wish {
  const { head, labels } = pull;
  const isLabelled = labels.includes(label);
  if (!fork) {
    if (when === "label" && !isLabelled) return { wanted: false, why: `it has not the label ${label}` };
    return { wanted: true, trust: { by: "repository", sha: head } };
  }
  if (forks === "never") return { wanted: false, why: "it comes from a fork, and those get no previews" };
  const isNow = pull.label === label && isLabelled && pull.action !== "unlabeled";
  return { wanted: true, trust: isNow ? { by: "label", sha: head } : undefined };
}

/** The time of an event that brings a preview up. Undefined: the host tells none. */
export function timeOfUp({ updatedAt, isOwnTime }: PullEvent): EventTime | undefined {
  return updatedAt === undefined ? undefined : { clock: updatedAt, isOwn: isOwnTime };
}

/** The time of an event that takes it down: of its close, else of its last change, such as that a label was removed. */
export function timeOfDown({ closedAt, updatedAt, isOwnTime }: PullEvent): EventTime | undefined {
  const clock = closedAt ?? updatedAt;
  return clock === undefined ? undefined : { clock, isOwn: isOwnTime };
}

import type { Decision, SourceChange } from "@glu/core";
import type { PromotionReport } from "../report.ts";

/** The way between the artifact that runs there and the one that was decided about. */
export const sourceChangeOf = (
  { intent, previous }: Decision,
  { sources = [] }: Pick<PromotionReport, "sources">,
): SourceChange | undefined =>
  sources.find(
    ({ app, from, to }) => app === intent.app && from.id === previous?.artifact.id && to.id === intent.artifact.id,
  );

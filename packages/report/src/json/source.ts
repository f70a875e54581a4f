import type { Decision, SourceChange } from "@glu/core";
import { sourceChangeOf } from "../describe/source-change-of.ts";
import type { PromotionReport } from "../report.ts";
import type { Json } from "./json.ts";

/** The source commits that come along with a decision. */
export function sourceJson(decision: Decision, report: Pick<PromotionReport, "sources" | "links">): Json {
  return sourceChangeJson(sourceChangeOf(decision, report), report.links);
}

/** The source commits between two artifacts. */
export function sourceChangeJson(change: SourceChange | undefined, links: PromotionReport["links"]): Json {
  if (change === undefined) return null;
  const { from, to, commits, left, known } = change;
  return {
    from: from.version.sha,
    to: to.version.sha,
    compare: links.compare?.(from, to) ?? null,
    known,
    commits: commits.map(({ sha, subject, author, committedAt }) => ({
      sha,
      subject,
      author: author ?? null,
      committedAt: committedAt ?? null,
      url: links.sourceCommit?.(to, sha) ?? null,
    })),
    left,
  };
}

import type { Document } from "../document.ts";
import type { Report } from "../report.ts";
import { describeArtifact } from "./artifact.ts";
import { describeComparison } from "./comparison.ts";
import { describeExplanation } from "./explanation.ts";
import { describeGraph } from "./graph-report.ts";
import { describeHistory } from "./history.ts";
import { describePage } from "./page.ts";
import { describePromotion } from "./promotion.ts";
import type { Room } from "./room.ts";
import { describeStatus } from "./status.ts";

/** What a report says, before any markup. */
export function describe(report: Report, room: Room): Document {
  switch (report.kind) {
    case "page":
      return describePage(report, room);
    case "file":
      return {
        headline: { icon: "status", text: report.headline },
        blocks: [{ kind: "listing", language: report.language, text: report.text }],
      };
    case "promotion":
      return describePromotion(report, room);
    case "artifact":
      return describeArtifact(report, room);
    case "status":
      return describeStatus(report, room);
    case "explanation":
      return describeExplanation(report, room);
    case "graph":
      return describeGraph(report, room);
    case "comparison":
      return describeComparison(report, room);
    case "history":
      return describeHistory(report, room);
  }
}
